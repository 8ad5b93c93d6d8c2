get 'change_feed', to: 'change_feed#index', format: 'json'
get 'change_feed/time_entries', to: 'change_feed#time_entries', format: 'json'
