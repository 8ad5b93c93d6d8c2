# Change feed: who changed which time entry, issue, project or membership, when, and from what to what.
#
#   GET /change_feed.json?after=<id>&limit=<=2000               changes in the order they were committed
#   GET /change_feed/time_entries.json?after=<id>&limit=<=2000  all time entries by id, for a first read
#
# Both need an administrator's API key. Issue JSON also gets `lock_version`, which a conditional update needs.
# What bypasses the application (SQL) or is done in one statement over many records (reassigning a deleted
# user's time) is not in the feed.
Redmine::Plugin.register :change_feed do
  name 'Change feed'
  description 'Lists changes of time entries, issues, projects and memberships over REST'
  author 'Plumbline'
  version '1.0.0'
  requires_redmine version_or_higher: '5.0.0'
end

# Redmine loads this file once the application is ready to be extended, and again after a reload.
[TimeEntry, Issue, Project, Member].each do |model|
  model.include(ChangeFeed::Recorded) unless model.include?(ChangeFeed::Recorded)
end
Project.prepend(ChangeFeed::ProjectStatus)
Issue.prepend(ChangeFeed::MovedTime)
IssuesController.include(ChangeFeed::LockVersion) unless IssuesController.include?(ChangeFeed::LockVersion)
