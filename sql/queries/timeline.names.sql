-- timeline.names: one row: what people call a client and a project; empty where nobody knows it
SELECT
  ifNull((SELECT argMax(name, (role = 'crm', version)) FROM customer FINAL WHERE key = {customer:String}), '') AS customer_name,
  ifNull((SELECT argMax(name, (role = 'psa', version)) FROM project FINAL WHERE key = {project:String}), '') AS project_name,
  ifNull((SELECT argMax(code, (role = 'psa', version)) FROM project FINAL WHERE key = {project:String}), '') AS project_code
