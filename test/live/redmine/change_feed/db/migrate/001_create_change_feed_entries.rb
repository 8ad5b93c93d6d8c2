class CreateChangeFeedEntries < ActiveRecord::Migration[6.1]
  def change
    create_table :change_feed_entries do |t|
      t.string :entity, null: false
      t.integer :record_id, null: false
      t.string :op, null: false
      t.integer :actor_id
      t.string :actor
      t.datetime :at, precision: 6, null: false
      # The record's JSON after and before the change; null after a deletion and before a creation.
      t.text :json_after
      t.text :json_before
    end
  end
end
