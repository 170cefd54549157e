// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/workflows/operators/privileges.h"

namespace counterfoil {

namespace {

constexpr const char* everybody = "ok    ok    ok    ok    ok    ok";
constexpr const char* people = "ok    ok    ok    ok    ok    42501";
constexpr const char* worker = "42501 42501 42501 42501 42501 ok";
constexpr const char* nobody = "42501 42501 42501 42501 42501 42501";
// Of an operator's function, which auditors and workers may not even call.
constexpr const char* operators = "ok    ok    ok    ok    42501 42501";

std::vector<Privilege> reading()
{
    return {
        {"read postings", "SELECT count(*) > 0 FROM posting", everybody, "t"},
        {"read accounts", "SELECT count(*) > 0 FROM account", everybody, "t"},
        {"read orders", "SELECT count(*) > 0 FROM orders", everybody, "t"},
        {"read jobs", "SELECT count(*) > 0 FROM job", everybody, "t"},
        {"read customers", "SELECT count(*) > 0 FROM customer", everybody, "t"},
        {"read requests and answers", "SELECT count(*) > 0 FROM gateway_payload", everybody, "t"},
        {"read the audit trail", "SELECT count(*) > 0 FROM audit_event", everybody, "t"},
        {"read its seals", "SELECT count(*) FROM audit_seal", everybody},
        {"read cases and their notes", "SELECT count(*) FROM intervention_case JOIN case_note ON case_id = intervention_case.id", people},
        {"read who works here", "SELECT count(*) > 0 FROM colleague", people, "t"},
        {"read people's names", "SELECT count(login || name) > 0 FROM person", people, "t"},
        {"read a password's hash", "SELECT password_hash FROM person", nobody},
        {"read all of a person", "SELECT * FROM person", nobody},
        {"compare a password's hash", "SELECT id FROM person WHERE password_hash LIKE '$argon2id$%'", nobody},
        {"read failed sign-ins", "SELECT failed_logins FROM person", nobody},
        {"read the server's verifiers", "SELECT rolpassword FROM pg_authid", nobody},
        {"read the rules", "SELECT count(*) > 0 FROM command_permission, command_policy", people, "t"},
        {"read tokens", "SELECT count(*) FROM api_token", worker},
        {"read stored answers", "SELECT count(*) FROM idempotency_record", worker},
        {"see what others filed", "SELECT status FROM operator_command WHERE id = {theirs}", everybody, "awaiting_approval"},
        {"see what others try out", "SELECT 1 / count(*) FROM operator_command WHERE id = {their_draft}", "22012 22012 22012 22012 ok    ok"},
        {"see what one tries out", "SELECT status FROM operator_command WHERE id = {my_draft}", everybody, "previewed"},
        {"listen", "LISTEN counterfoil_changed", everybody},
    };
}

std::vector<Privilege> writing()
{
    return {
        {"add a posting", "INSERT INTO posting VALUES (1, 1, 1, 'available', 'USD', 1, 1)", worker},
        {"change a posting", "UPDATE posting SET amount = 2", nobody},
        {"delete postings", "DELETE FROM posting", nobody},
        {"truncate postings", "TRUNCATE posting", nobody},
        {"add an entry", "INSERT INTO ledger_entry VALUES (1, 'x', 'recharge', NULL, NULL, NULL, 1)", worker},
        {"change an entry", "UPDATE ledger_entry SET kind = 'x'", nobody},
        {"add a customer", "INSERT INTO customer VALUES (1, 'x', 'x', '', '', 1)", worker},
        {"change a customer", "UPDATE customer SET name = 'x'", nobody},
        {"add a price", "INSERT INTO price_tier SELECT 1, sku_id, 1, currency, 0, NULL, NULL, '' FROM price_tier LIMIT 1", nobody},
        {"add stock", "INSERT INTO stock SELECT 1, sku_id, warehouse_id, 1, 0, 0 FROM stock LIMIT 1", nobody},
        {"change stock", "UPDATE stock SET version = version + 1", worker},
        {"change a coupon's limit", "UPDATE coupon SET total_limit = 0", worker},
        {"add an account", "INSERT INTO account VALUES (1, 'customer', 1, 'wallet', 'USD', 1000, 0, 0, 1, 'open')", worker},
        {"change a balance", "UPDATE account SET available = available + 1", worker},
        {"change a balance inside DO", "DO $$ BEGIN UPDATE account SET available = available + 1; END $$", worker},
        {"delete accounts", "DELETE FROM account", nobody},
        {"truncate accounts", "TRUNCATE account", nobody},
        {"lock an account", "SELECT id FROM account FOR UPDATE", worker},
        {"lock all accounts", "LOCK TABLE account IN EXCLUSIVE MODE", worker},
        {"change a hold", "UPDATE hold SET expires_at = 1", worker},
        {"delete holds", "DELETE FROM hold", nobody},
        {"change an order", "UPDATE orders SET updated_at = 1", worker},
        {"delete orders", "DELETE FROM orders", nobody},
        {"truncate orders", "TRUNCATE orders", nobody},
        {"add a job", "INSERT INTO job VALUES (1, 'x', NULL, 1, 'x', '', 1, 0, 'ready', '', NULL, 0, '', '', NULL, 1)", worker},
        {"change a job", "UPDATE job SET due_at = 1", worker},
        {"delete jobs", "DELETE FROM job", nobody},
        {"add a callback", "INSERT INTO gateway_callback VALUES (1, 'stripe', 'x', 'x', 'x', NULL, 'stored', '', 1, NULL)", worker},
        {"change a decision", "UPDATE tcc_transaction SET epoch = epoch + 1", worker},
        {"delete a fence", "DELETE FROM tcc_fence", nobody},
        {"add an audit row", "INSERT INTO audit_event VALUES (1, 1, 'x', 'x', 'x', '', '', '')", worker},
        {"change audit rows", "UPDATE audit_event SET reason = 'x'", nobody},
        {"delete audit rows", "DELETE FROM audit_event", nobody},
        {"truncate the audit trail", "TRUNCATE audit_event", nobody},
        {"add a seal", "INSERT INTO audit_seal VALUES (1000000, 1, '', '', 1)", worker},
        {"change seals", "UPDATE audit_seal SET chain_sha256 = ''", nobody},
        {"delete seals", "DELETE FROM audit_seal", nobody},
        {"truncate the seals", "TRUNCATE audit_seal", nobody},
        {"add a person", "INSERT INTO person VALUES (1, 'x', 'x', 'administrator', '', 0, NULL, NULL, 1)", nobody},
        {"change one's role", "UPDATE person SET role = 'administrator' WHERE login = '{me}'", nobody},
        {"change a password's hash", "UPDATE person SET password_hash = ''", nobody},
        {"delete people", "DELETE FROM person", nobody},
        {"change through the view", "UPDATE colleague SET role = 'administrator'", nobody},
        {"change who may do what", "UPDATE command_permission SET may_approve = 1", nobody},
        {"add a permission", "INSERT INTO command_permission VALUES ('x', 'support', 1, 1)", nobody},
        {"change from which amount on", "UPDATE command_policy SET one_from = NULL", nobody},
        {"delete the policies", "DELETE FROM command_policy", nobody},
        {"add a command", "INSERT INTO operator_command SELECT * FROM operator_command LIMIT 1", nobody},
        {"queue a command", "UPDATE operator_command SET status = 'queued' WHERE id = {my_draft}", worker},
        {"change what a command is", "UPDATE operator_command SET amount = 1", nobody},
        {"change whose it is", "UPDATE operator_command SET requested_by = '{me}'", nobody},
        {"say that it was approved", "UPDATE operator_command SET decided_by = 'x'", nobody},
        {"delete commands", "DELETE FROM operator_command", nobody},
        {"add an approval", "INSERT INTO command_approval VALUES ({theirs}, 1, '{me}', '{sha}', 1)", nobody},
        {"delete approvals", "DELETE FROM command_approval", nobody},
        {"take a case by its row", "UPDATE intervention_case SET owner = '{me}'", worker},
        {"delete cases", "DELETE FROM intervention_case", nobody},
        {"add a note by its row", "INSERT INTO case_note VALUES (1, 1, 1, 'x', 'note', 'x')", nobody},
        {"change notes", "UPDATE case_note SET text = ''", nobody},
        {"say that it is live", "UPDATE setting SET value = 'live'", nobody},
        {"publish a workflow", "INSERT INTO workflow_revision VALUES ('order', 99, 'published', '', '', '', 1)", nobody},
        {"add a token", "INSERT INTO api_token VALUES (1, 'x', 'x', 'orders', 1, NULL)", nobody},
        {"say that it is migrated", "INSERT INTO schema_migration VALUES (99, 'x', 'x', 1)", nobody},
    };
}

std::vector<Privilege> commands()
{
    return {
        {"ask for a refund", "SELECT command_request('refund', 1, 1, NULL, 'USD', 1, '{}', 'broken') > 0", "ok    ok    ok    CF009 42501 42501", "t"},
        {"ask for a freeze", "SELECT command_request('freeze', NULL, 1, NULL, 'USD', 1, '{}', 'odd') > 0", "CF009 ok    ok    CF009 42501 42501", "t"},
        {"ask for what doesn't exist", "SELECT command_request('give_away', NULL, 1, NULL, 'USD', 1, '{}', 'x')", "CF009 CF009 CF009 CF009 42501 42501"},
        {"ask as somebody else", "SELECT command_request('refund', 1, 1, NULL, 'USD', 1, '{}', 'x', '{other}')", "CF009 CF009 CF009 CF009 42501 42501"},
        {"ask at another time", "SELECT command_request('refund', 1, 1, NULL, 'USD', 1, '{}', 'x', '{me}', 7) > 0; SELECT count(*) FROM operator_command WHERE requested_at = 7",
         "ok    ok    ok    CF009 42501 42501", "t\n0"},
        {"ask without a reason", "SELECT command_request('refund', 1, 1, NULL, 'USD', 1, '{}', E' \\n')", "CF004 CF004 CF004 CF004 42501 42501"},
        {"ask at length", "SELECT command_request('refund', 1, 1, NULL, 'USD', 1, '{}', repeat('x', 1001))", "CF002 CF002 CF002 CF002 42501 42501"},
        {"ask with long arguments", "SELECT command_request('refund', 1, 1, NULL, 'USD', 1, repeat(' ', 20001), 'x')", "CF002 CF002 CF002 CF002 42501 42501"},
        {"ask with no JSON", "SELECT command_request('refund', 1, 1, NULL, 'USD', 1, '[{', 'x')", "CF001 CF001 CF001 CF001 42501 42501"},
        {"ask with a list", "SELECT command_request('refund', 1, 1, NULL, 'USD', 1, '[]', 'x')", "CF001 CF001 CF001 CF001 42501 42501"},
        {"ask with deep JSON", "SELECT command_request('refund', 1, 1, NULL, 'USD', 1, repeat('[', 20000), 'x')", "CF001 CF001 CF001 CF001 42501 42501"},
        {"ask in no currency", "SELECT command_request('refund', 1, 1, NULL, 'ZZZ', 1, '{}', 'x')", "CF007 CF007 CF007 CF007 42501 42501"},
        {"ask about a negative id", "SELECT command_request('refund', -1, 1, NULL, 'USD', 1, '{}', 'x')", "CF005 CF005 CF005 CF005 42501 42501"},
        {"ask for the least number", "SELECT command_request('refund', 1, 1, NULL, 'USD', -9223372036854775808, '{}', 'x')", "CF006 CF006 CF006 CF006 42501 42501"},
        {"file one's own", "SELECT command_file({my_draft}, '{sha}')", operators, "awaiting_approval"},
        {"file another preview", "SELECT command_file({my_draft}, 'another')", "CF014 CF014 CF014 CF014 42501 42501"},
        {"file somebody else's", "SELECT command_file({their_draft}, '{sha}')", "CF009 CF009 CF009 CF009 42501 42501"},
        {"file as its maker", "SELECT command_file({their_draft}, '{sha}', '{other}')", "CF009 CF009 CF009 CF009 42501 42501"},
        {"approve", "SELECT command_approve({theirs}, '{sha}', 'seen')", "CF009 ok    ok    CF009 42501 42501", "queued"},
        {"approve with another hash", "SELECT command_approve({theirs}, 'another', '')", "CF009 CF014 CF014 CF009 42501 42501"},
        {"approve with no hash", "SELECT command_approve({theirs}, NULL, '')", "CF009 CF014 CF014 CF009 42501 42501"},
        {"approve one's own", "SELECT command_approve({mine}, '{sha}', '')", "CF009 CF009 CF009 CF009 42501 42501"},
        {"approve one's own as somebody else", "SELECT command_approve({mine}, '{sha}', '', 'supervisor')", "CF009 CF009 CF009 CF009 42501 42501"},
        {"approve what isn't filed", "SELECT command_approve({their_draft}, '{sha}', '')", "CF009 CF014 CF014 CF009 42501 42501"},
        {"approve nothing", "SELECT command_approve(7, '{sha}', '')", "CF010 CF010 CF010 CF010 42501 42501"},
        {"approve twice", "SELECT command_approve({theirs}, '{sha}', ''), command_approve({theirs}, '{sha}', '')", "CF009 CF014 CF014 CF009 42501 42501"},
        {"approve with a trap in the search path", "SELECT set_config('search_path', 'pg_temp, \"$user\"', true), public.command_approve({theirs}, '{sha}', '')", "CF009 ok    ok    CF009 42501 42501", "pg_temp, \"$user\"|queued"},
        {"approve in the role of another group", "SET ROLE counterfoil_finance; SELECT command_approve({mine}, '{sha}', '')", "42501 42501 CF009 42501 42501 42501"},
        {"reject", "SELECT command_reject({theirs}, 'no'); SELECT status FROM operator_command WHERE id = {theirs}", "CF009 ok    ok    CF009 42501 42501", "rejected"},
        {"reject without a reason", "SELECT command_reject({theirs}, '')", "CF004 CF004 CF004 CF004 42501 42501"},
        {"withdraw one's own", "SELECT command_withdraw({mine}); SELECT status FROM operator_command WHERE id = {mine}", operators, "withdrawn"},
        {"withdraw somebody else's", "SELECT command_withdraw({theirs})", "CF009 CF009 CF009 CF009 42501 42501"},
        {"withdraw as its maker", "SELECT command_withdraw({theirs}, '{other}')", "CF009 CF009 CF009 CF009 42501 42501"},
        {"withdraw nothing", "SELECT command_withdraw(NULL)", "CF010 CF010 CF010 CF010 42501 42501"},
    };
}

std::vector<Privilege> cases()
{
    return {
        {"claim a case", "SELECT case_claim({case}); SELECT owner = '{me}' FROM intervention_case WHERE id = {case}", operators, "t"},
        {"claim one that is taken", "SELECT case_claim({their_case})", "CF012 CF012 CF012 CF012 42501 42501"},
        {"claim for somebody else", "SELECT case_claim({case}, '{other}')", "CF009 CF009 CF009 CF009 42501 42501"},
        {"release one's own", "SELECT case_release({my_case}); SELECT owner = '' FROM intervention_case WHERE id = {my_case}", operators, "t"},
        {"release somebody else's", "SELECT case_release({their_case})", "CF009 CF009 CF009 CF009 42501 42501"},
        {"hand one over", "SELECT case_hand_over({my_case}, '{other}', 'please'); SELECT owner FROM intervention_case WHERE id = {my_case}", operators, "{other}"},
        {"hand one over to an auditor", "SELECT case_hand_over({my_case}, 'auditor', '')", "CF009 CF009 CF009 CF009 42501 42501"},
        {"hand one over to nobody", "SELECT case_hand_over({my_case}, 'nobody', '')", "CF010 CF010 CF010 CF010 42501 42501"},
        {"let one rest", "SELECT case_snooze({my_case}, 9000000000000000, ''); SELECT snoozed_until FROM intervention_case WHERE id = {my_case}", operators, "9000000000000000"},
        {"let one rest until yesterday", "SELECT case_snooze({my_case}, 1, '')", "CF013 CF013 CF013 CF013 42501 42501"},
        {"escalate", "SELECT case_escalate({case}, 'again'); SELECT severity FROM intervention_case WHERE id = {case}", operators, "critical"},
        {"add a note", "SELECT case_note({case}, ' seen '); SELECT author = '{me}', text FROM case_note ORDER BY id DESC LIMIT 1", operators, "t|seen"},
        {"add an empty note", "SELECT case_note({case}, NULL)", "CF004 CF004 CF004 CF004 42501 42501"},
        {"add a long note", "SELECT case_note({case}, repeat('x', 4001))", "CF002 CF002 CF002 CF002 42501 42501"},
        {"resolve one's own", "SELECT case_resolve({my_case}, 'done'); SELECT state, resolved_by = '{me}' FROM intervention_case WHERE id = {my_case}", operators, "resolved|t"},
        {"resolve one that isn't claimed", "SELECT case_resolve({case}, 'done')", "CF009 CF009 CF009 CF009 42501 42501"},
        {"add to one that is resolved", "SELECT case_note({closed_case}, 'x')", "CF014 CF014 CF014 CF014 42501 42501"},
    };
}

std::vector<Privilege> administration()
{
    return {
        {"add somebody", "SELECT person_add('new.one', 'New', 'support', '') > 0", "42501 42501 42501 ok    42501 42501", "t"},
        {"add somebody with a login", "SELECT person_add('{me}.new', 'New', 'support', '', '{verifier}') > 0; SELECT pg_has_role('{me}.new', 'counterfoil_support', 'MEMBER')", "42501 42501 42501 ok    42501 42501", "t\nt"},
        {"add somebody in plain text", "SELECT person_add('new.one', 'New', 'support', '', 'secret password')", "42501 42501 42501 CF001 42501 42501"},
        {"add the owner", "SELECT person_add('postgres', 'New', 'administrator', '', '{verifier}')", "42501 42501 42501 CF011 42501 42501"},
        {"add a worker", "SELECT person_add('{worker}', 'New', 'administrator', '', '{verifier}')", "42501 42501 42501 CF011 42501 42501"},
        {"add a group", "SELECT person_add('counterfoil_worker', 'New', 'administrator', '', '{verifier}')", "42501 42501 42501 CF011 42501 42501"},
        {"add a word of SQL", "SELECT person_add('x\"; ALTER ROLE x SUPERUSER; --', 'New', 'support', '', '{verifier}')", "42501 42501 42501 CF003 42501 42501"},
        {"add a reserved word", "SELECT person_add('public', 'New', 'support', '', '{verifier}')", "42501 42501 42501 CF003 42501 42501"},
        {"add a role of one's own", "SELECT person_add('new.one', 'New', 'worker', '')", "42501 42501 42501 CF008 42501 42501"},
        {"change a role", "SELECT person_set_role('{other}', 'auditor'); SELECT pg_has_role('{other}', 'counterfoil_auditor', 'MEMBER'), pg_has_role('{other}', 'counterfoil_supervisor', 'MEMBER')",
         "42501 42501 42501 ok    42501 42501", "t|f"},
        {"disable somebody", "SELECT person_set_disabled('{other}', true); SELECT has_database_privilege('{other}', current_database(), 'CONNECT')", "42501 42501 42501 ok    42501 42501", "f"},
        {"change a password", "SELECT person_set_password('{other}', '', '{verifier}')", "42501 42501 42501 ok    42501 42501"},
        {"be heard as the command line", "SELECT person_set_disabled('{other}', true, 'cli'); SELECT actor = 'operator:{me}' FROM audit_event WHERE action = 'person.disabled'", "42501 42501 42501 ok    42501 42501", "t"},
        {"end idle sessions", "SELECT end_idle_sessions(3600000000)", worker, "0"},
        {"take the sealer's lock", "SELECT pg_try_advisory_xact_lock(20240502)", worker, "t"},
    };
}

std::vector<Privilege> mischief()
{
    return {
        {"make a table", "CREATE TABLE public.mine (i int)", nobody},
        {"make a temporary table", "CREATE TEMP TABLE person (i int)", nobody},
        {"make a temporary view", "CREATE TEMP VIEW person AS SELECT 1", nobody},
        {"make a function", "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'", nobody},
        {"make a temporary function", "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'", nobody},
        {"make a schema", "CREATE SCHEMA mine", nobody},
        {"make an extension", "CREATE EXTENSION pg_trgm", nobody},
        {"make a trigger", "CREATE TRIGGER t BEFORE INSERT ON posting FOR EACH ROW EXECUTE FUNCTION refuse_change()", nobody},
        {"drop a table", "DROP TABLE posting", nobody},
        {"replace a function", "CREATE OR REPLACE FUNCTION public.refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'", nobody},
        {"switch triggers off", "ALTER TABLE posting DISABLE TRIGGER ALL", nobody},
        {"switch row security off", "ALTER TABLE operator_command DISABLE ROW LEVEL SECURITY", nobody},
        {"look past row security", "SET row_security = off; SELECT count(*) FROM operator_command", nobody},
        {"switch triggers off for the session", "SET session_replication_role = replica", nobody},
        {"become the owner", "SET ROLE postgres", nobody},
        {"be the owner", "SET SESSION AUTHORIZATION postgres", nobody},
        {"become a worker", "SET ROLE counterfoil_worker", worker},
        {"become an administrator", "SET ROLE counterfoil_administrator", "42501 42501 42501 ok    42501 42501"},
        {"join the administrators", "GRANT counterfoil_administrator TO \"{me}\"", nobody},
        {"become a superuser", "ALTER ROLE \"{me}\" SUPERUSER", nobody},
        {"make roles", "CREATE ROLE mine", nobody},
        {"change somebody's password", "ALTER ROLE \"{other}\" PASSWORD 'x'", nobody},
        {"show people to everybody", "GRANT SELECT ON person TO PUBLIC", nobody},
        {"own a table", "ALTER TABLE posting OWNER TO \"{me}\"", nobody},
        {"run a program", "COPY posting TO PROGRAM 'cat'", nobody},
        {"read with a program", "COPY setting FROM PROGRAM 'echo x'", nobody},
        {"write a file", "COPY posting TO '/tmp/counterfoil-postings'", nobody},
        {"read a file", "SELECT pg_read_file('/etc/passwd')", nobody},
        {"list a folder", "SELECT pg_ls_dir('/')", nobody},
        {"import a file", "SELECT lo_import('/etc/passwd')", nobody},
        {"fill the disk", "SELECT lo_from_bytea(0, '\\x00')", nobody},
        {"hold a lock by number", "SELECT pg_advisory_lock(20240502)", nobody},
        {"end the owner's session", "SELECT pg_terminate_backend({pid})", nobody},
        {"call a trigger's function", "SELECT refuse_change()", nobody},
        {"call the approval's trigger", "SELECT check_approval()", nobody},
        {"refuse", "SELECT refuse('forbidden', 'x')", nobody},
        {"choose who acts", "SELECT acting('{other}', 1)", nobody},
        {"make ids", "SELECT next_id(1)", nobody},
        {"use ids up", "SELECT nextval('next_id_sequence')", nobody},
        {"audit something", "SELECT audit('x', 'x', 'x', '', '', '', 1)", nobody},
        {"make a login", "SELECT make_login('new.one', 'administrator', '{verifier}')", nobody},
        {"join a group", "SELECT join_group('{me}', 'administrator')", nobody},
        {"end sessions", "SELECT end_sessions(ARRAY[{pid}])", nobody},
        {"write a case down", "SELECT case_changed(c, '', '{other}', 'note', 'x', 1) FROM intervention_case c", nobody},
        {"write a command down", "SELECT command_changed(c, c, '{other}', 'approved', 'x', 1) FROM operator_command c", nobody},
    };
}

} // namespace

std::vector<Privilege> privileges()
{
    std::vector<Privilege> all;
    for (const auto& part : {reading(), writing(), commands(), cases(), administration(), mischief()}) {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

} // namespace counterfoil
