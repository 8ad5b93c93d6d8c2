-- timeline.names: one row: what people call a client and a project
SELECT
  (SELECT argMax(name, (role = 'crm', version)) FROM customer FINAL WHERE key = {customer:String}) AS customer_name,
  (SELECT argMax(name, (role = 'psa', version)) FROM project FINAL WHERE key = {project:String}) AS project_name,
  (SELECT argMax(code, (role = 'psa', version)) FROM project FINAL WHERE key = {project:String}) AS project_code
