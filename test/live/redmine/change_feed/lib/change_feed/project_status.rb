module ChangeFeed
  # Projects are closed and reopened in one statement with everything below them, past all callbacks.
  module ProjectStatus
    def close = recording(self_and_descendants) { super }
    def reopen = recording(self_and_descendants) { super }
    def unarchive = recording(self_and_ancestors) { super }

    private

    def recording(projects)
      Project.transaction do
        before = projects.to_a.map { |project| [project, Shape.of(project)] }
        yield.tap { before.each { |project, shape| ChangeFeed.add(project, 'update', shape, ChangeFeed.stored(project)) } }
      end
    end
  end
end
