module ChangeFeed
  # Redmine honours an issue's lock_version on update but does not show it over REST.
  module LockVersion
    extend ActiveSupport::Concern

    included { after_action :show_lock_version, only: %i[index show] }

    private

    # From the records the answer was made of, so that version and content belong together.
    def show_lock_version
      return unless request.format.json? && response.successful?

      body = JSON.parse(response.body)
      versions = [@issue, *@issues].compact.to_h { |issue| [issue.id, issue.lock_version] }
      [body['issue'], *body['issues']].compact.each { |issue| issue['lock_version'] = versions[issue['id']] }
      response.body = body.to_json
    end
  end
end
