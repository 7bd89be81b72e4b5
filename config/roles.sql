-- The roles of the portal; safe to repeat. An administrator of the PostgreSQL server runs it once:
--   psql -v owner=portal -v login=portal_app -f config/roles.sql
-- It gives no rights on tables: `migrate` does. docs/operations.md says who logs in as what.
\set ON_ERROR_STOP on
\set QUIET on

-- Owns the tables and sees every row: for migrations, backup and restore only.
SELECT format('CREATE ROLE %I LOGIN', :'owner') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'owner') \gexec
ALTER ROLE :"owner" BYPASSRLS;

-- The portal itself: no rights of its own, and none by inheritance.
SELECT format('CREATE ROLE %I LOGIN', :'login') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'login') \gexec
ALTER ROLE :"login" NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOINHERIT;

-- What a transaction becomes; nobody logs in as one of these.
SELECT format('CREATE ROLE %I NOLOGIN', name)
FROM unnest(ARRAY['portal_district', 'portal_middle', 'portal_union', 'portal_several', 'portal_system']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
SET client_min_messages = warning;
GRANT portal_district, portal_middle, portal_union, portal_several, portal_system TO :"login";
