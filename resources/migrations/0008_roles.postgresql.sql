-- SPDX-License-Identifier: GPL-3.0-or-later
-- Who may do what, held by the database. A person is a login in one of five group roles; the groups read, and change nothing but through the
-- functions below, which run as the tables' owner and act as session_user. A worker's login is in counterfoil_worker.
-- Every function names what it uses with its schema: tables and functions are in `public`.
DO $$
DECLARE name text;
BEGIN
  IF to_regclass('public.operator_command') IS NULL THEN
    RAISE EXCEPTION 'the tables are expected in the schema public';
  END IF;
  -- Roles are the server's, not the database's: another database may have made them, or is doing so just now.
  FOREACH name IN ARRAY ARRAY['reader', 'support', 'supervisor', 'finance', 'administrator', 'auditor', 'worker'] LOOP
    name := 'counterfoil_' || name;
    IF EXISTS (SELECT FROM pg_roles r WHERE r.rolname = name AND (r.rolcanlogin OR r.rolsuper)) OR current_user = name THEN
      RAISE EXCEPTION '% is a group of logins from now on and can''t be one: ALTER ROLE % RENAME', name, name;
    END IF;
    CONTINUE WHEN EXISTS (SELECT FROM pg_roles r WHERE r.rolname = name);
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN', name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;
    END;
  END LOOP;
  FOREACH name IN ARRAY ARRAY['support', 'supervisor', 'finance', 'administrator', 'auditor'] LOOP
    name := 'counterfoil_' || name;
    CONTINUE WHEN EXISTS (SELECT FROM pg_auth_members m WHERE m.roleid = 'counterfoil_reader'::regrole AND m.member = name::regrole);
    EXECUTE format('GRANT counterfoil_reader TO %I', name);
  END LOOP;
END $$
;;
-- Refuses with an error of class CF: the number is the place in this list, which models/store/database_error.cpp has too.
CREATE FUNCTION refuse(code text, detail text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
$$ BEGIN
  RAISE EXCEPTION USING MESSAGE = detail, ERRCODE = 'CF' || lpad(array_position(ARRAY[
    'malformed_input', 'too_large', 'invalid_text', 'missing_field', 'invalid_id', 'invalid_amount', 'unknown_currency', 'unknown_value', 'forbidden',
    'not_found', 'already_exists_different', 'in_progress', 'deadline_passed', 'event_not_accepted'], code)::text, 3, '0');
END $$
;;
-- As IdSource makes them (models/base/id_source.h), with the database's own node: 41 bits of milliseconds since 2020, 10 of node, 12 of sequence.
CREATE SEQUENCE next_id_sequence MINVALUE 0 MAXVALUE 4095 CYCLE
;;
CREATE FUNCTION next_id(moment bigint) RETURNS bigint LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$ SELECT (greatest(moment / 1000 - 1577836800000, 1) << 22) | (1022::bigint << 12) | nextval('public.next_id_sequence') $$
;;
-- As formatId() writes them (models/base/id.cpp): 13 digits of Crockford's base 32 and a check character.
CREATE FUNCTION id_text(prefix text, id bigint) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS
$$ SELECT CASE WHEN coalesce(id, 0) = 0 THEN '' ELSE
     prefix || '_' || (SELECT string_agg(substr('0123456789abcdefghjkmnpqrstvwxyz', (id >> (5 * i) & CASE i WHEN 12 THEN 15 ELSE 31 END)::int + 1, 1), '' ORDER BY i DESC)
                       FROM generate_series(0, 12) i)
     || substr('0123456789abcdefghjkmnpqrstvwxyz*~$=u', mod(id::numeric + CASE WHEN id < 0 THEN 18446744073709551616 ELSE 0 END, 37)::int + 1, 1) END $$
;;
CREATE FUNCTION trimmed(given text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS
$$ SELECT regexp_replace(coalesce(given, ''), '^\s+|\s+$', '', 'g') $$
;;
-- Who acts, and when: a person's session acts as that person, now, whatever it says. Only who may be the owner (an administrator's tools, a console
-- that checks passwords itself) says both.
CREATE FUNCTION acting(INOUT login text, INOUT moment bigint) LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
$$ BEGIN
  IF EXISTS (SELECT FROM public.person p WHERE p.login = session_user) THEN
    IF acting.login <> session_user THEN
      PERFORM public.refuse('forbidden', format('%s is signed in, not %s', session_user, acting.login));
    END IF;
    login := session_user;
    moment := NULL;
  ELSIF acting.login IS NULL OR NOT pg_has_role(session_user, current_user, 'MEMBER') THEN
    PERFORM public.refuse('forbidden', format('%s is nobody who works here', session_user));
  END IF;
  moment := coalesce(moment, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint);
END $$
;;
CREATE FUNCTION known_person(wanted text) RETURNS public.person LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
$$ DECLARE found_person public.person;
BEGIN
  SELECT * INTO found_person FROM public.person p WHERE p.login = wanted;
  IF NOT FOUND THEN
    PERFORM public.refuse('not_found', format('nobody has the login %s', wanted));
  END IF;
  RETURN found_person;
END $$
;;
CREATE FUNCTION audit(actor text, action text, subject text, before_text text, after_text text, reason text, moment bigint) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS
$$ INSERT INTO public.audit_event (id, at, actor, action, subject, before_text, after_text, reason)
   VALUES (public.next_id(moment), moment, actor, action, subject, coalesce(before_text, ''), coalesce(after_text, ''), coalesce(reason, '')) $$
;;
-- Commands, as workflows/operators/command_desk.cpp does it on SQLite's rows.
CREATE FUNCTION active_person(login text) RETURNS public.person LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
$$ DECLARE who public.person := public.known_person(login);
BEGIN
  IF who.disabled_at IS NOT NULL THEN
    PERFORM public.refuse('forbidden', format('%s may not work here any more', login));
  END IF;
  RETURN who;
END $$
;;
CREATE FUNCTION checked_reason(given text) RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
$$ DECLARE reason text := public.trimmed(given);
BEGIN
  IF reason = '' THEN
    PERFORM public.refuse('missing_field', 'a reason');
  ELSIF length(reason) > 1000 THEN
    PERFORM public.refuse('too_large', format('a reason of %s characters', length(reason)));
  END IF;
  RETURN reason;
END $$
;;
CREATE FUNCTION locked_command(wanted bigint) RETURNS public.operator_command LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
$$ DECLARE command public.operator_command;
BEGIN
  SELECT * INTO command FROM public.operator_command c WHERE c.id = wanted FOR UPDATE;
  IF NOT FOUND THEN
    PERFORM public.refuse('not_found', format('there is no command %s', public.id_text('cmd', wanted)));
  END IF;
  RETURN command;
END $$
;;
CREATE FUNCTION not_now(command public.operator_command) RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp AS
$$ SELECT public.refuse('event_not_accepted', format('%s is %s', public.id_text('cmd', command.id), command.status)) $$
;;
CREATE FUNCTION command_changed(before public.operator_command, after public.operator_command, login text, action text, reason text, moment bigint) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS
$$ SELECT public.audit('operator:' || login, 'command.' || action, public.id_text('cmd', after.id), before.status, after.status, reason, moment),
          pg_notify('counterfoil_changed', '') $$
;;
-- What a screen never sends, and a worker could trip over.
CREATE FUNCTION check_request(ids bigint[], subject_id bigint, currency text, amount bigint, arguments text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
$$ BEGIN
  IF length(arguments) > 20000 THEN
    PERFORM public.refuse('too_large', 'arguments of more than 20000 characters');
  END IF;
  BEGIN
    IF json_typeof(arguments::json) = 'object' THEN
      arguments := NULL;
    END IF;
  EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
    NULL;
  END;
  IF arguments IS NOT NULL THEN
    PERFORM public.refuse('malformed_input', 'arguments are a JSON object');
  END IF;
  IF subject_id IS NULL OR subject_id < 0 OR 0 > ANY (ids) THEN
    PERFORM public.refuse('invalid_id', 'ids are positive');
  END IF;
  IF amount IS NULL OR amount = -9223372036854775808 THEN
    PERFORM public.refuse('invalid_amount', 'an amount in minor units');
  END IF;
  IF currency IS NULL OR (currency <> ALL (string_to_array(
      'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP '
      'DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK '
      'LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF '
      'SAR SBD SCR SDG SEK SGD SHP SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW', ' '))
      AND NOT EXISTS (SELECT FROM public.account a WHERE a.currency = check_request.currency)) THEN
    PERFORM public.refuse('unknown_currency', format('''%s'' is not a currency in use', left(currency, 16)));
  END IF;
END $$
;;
CREATE FUNCTION command_request(kind text, order_id bigint, subject_id bigint, case_id bigint, currency text, amount bigint, arguments text, reason text,
                                acting text DEFAULT NULL, moment bigint DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ DECLARE
  who public.person;
  command public.operator_command;
  why text := public.checked_reason(reason);
BEGIN
  PERFORM public.check_request(ARRAY[order_id, case_id], subject_id, currency, amount, arguments);
  SELECT a.login, a.moment INTO acting, moment FROM public.acting(acting, moment) a;
  who := public.active_person(acting);
  IF NOT EXISTS (SELECT FROM public.command_permission p WHERE p.kind = command_request.kind AND p.role = who.role AND p.may_request = 1) THEN
    PERFORM public.refuse('forbidden', format('%s may not ask for %s', who.role, left(kind, 40)));
  END IF;
  command.id := public.next_id(moment);
  command.approvals_needed := coalesce((
    SELECT CASE WHEN abs(amount) >= p.two_from THEN 2 WHEN abs(amount) >= p.one_from THEN 1 ELSE 0 END
    FROM public.command_policy p WHERE p.kind = command_request.kind AND p.currency IN ('', command_request.currency) ORDER BY p.currency DESC LIMIT 1), 2);
  INSERT INTO public.operator_command (id, kind, order_id, subject_id, case_id, currency, amount, arguments, reason, requested_by, requested_role, requested_at, status,
                                       preview, preview_sha256, basis_sha256, approvals_needed, subject_key, decided_by, decision_note, result, row_version)
  VALUES (command.id, kind, nullif(order_id, 0), subject_id, nullif(case_id, 0), currency, amount, arguments, why, who.login, who.role, moment, 'requested',
          '', '', '', command.approvals_needed, '', '', '', '', 1);
  PERFORM public.audit('operator:' || who.login, 'command.requested', public.id_text('cmd', command.id), '', kind, why, moment);
  PERFORM pg_notify('counterfoil_changed', '');
  RETURN command.id;
END $$
;;
CREATE FUNCTION command_file(command_id bigint, preview_sha256 text, acting text DEFAULT NULL, moment bigint DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ DECLARE
  who public.person;
  before public.operator_command;
  after public.operator_command;
BEGIN
  SELECT a.login, a.moment INTO acting, moment FROM public.acting(acting, moment) a;
  before := public.locked_command(command_id);
  who := public.active_person(acting);
  IF before.requested_by <> who.login THEN
    PERFORM public.refuse('forbidden', 'only who asked for it may file it');
  END IF;
  IF before.status <> 'previewed' OR before.preview_sha256 IS DISTINCT FROM command_file.preview_sha256 THEN
    PERFORM public.not_now(before);
  END IF;
  IF moment - before.previewed_at > 86400000000 THEN
    PERFORM public.refuse('deadline_passed', 'the preview is older than a day');
  END IF;
  BEGIN
    UPDATE public.operator_command c SET
      status = CASE WHEN c.approvals_needed > 0 THEN 'awaiting_approval' ELSE 'queued' END, filed_at = command_file.moment,
      subject_key = CASE WHEN c.order_id IS NULL THEN c.subject_id::text ELSE public.id_text('ord', c.order_id) END, row_version = c.row_version + 1
    WHERE c.id = before.id RETURNING * INTO after;
  EXCEPTION WHEN unique_violation THEN
    PERFORM public.refuse('in_progress', 'another command about the same thing is under way');
  END;
  PERFORM public.command_changed(before, after, who.login, 'filed', before.reason, moment);
  RETURN after.status;
END $$
;;
CREATE FUNCTION may_approve(kind text, role text) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS
$$ SELECT EXISTS (SELECT FROM public.command_permission p WHERE p.kind = may_approve.kind AND p.role = may_approve.role AND p.may_approve = 1) $$
;;
CREATE FUNCTION command_approve(command_id bigint, preview_sha256 text, note text, acting text DEFAULT NULL, moment bigint DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ DECLARE
  who public.person;
  before public.operator_command;
  after public.operator_command;
  step bigint;
  said text := left(coalesce(note, ''), 1000);
BEGIN
  SELECT a.login, a.moment INTO acting, moment FROM public.acting(acting, moment) a;
  before := public.locked_command(command_id);
  who := public.active_person(acting);
  IF before.requested_by = who.login THEN
    PERFORM public.refuse('forbidden', 'nobody approves their own command');
  END IF;
  IF NOT public.may_approve(before.kind, who.role) THEN
    PERFORM public.refuse('forbidden', format('%s may not approve %s', who.role, before.kind));
  END IF;
  IF before.status <> 'awaiting_approval' OR before.preview_sha256 IS DISTINCT FROM command_approve.preview_sha256 THEN
    PERFORM public.not_now(before);
  END IF;
  IF EXISTS (SELECT FROM public.command_approval p WHERE p.command_id = before.id AND p.approver = who.login) THEN
    PERFORM public.refuse('already_exists_different', format('%s has approved it already', who.login));
  END IF;
  SELECT count(*) + 1 INTO step FROM public.command_approval p WHERE p.command_id = before.id;
  INSERT INTO public.command_approval (command_id, level, approver, preview_sha256, at) VALUES (before.id, step, who.login, before.preview_sha256, moment);
  after := before;
  IF step >= before.approvals_needed THEN
    UPDATE public.operator_command c SET status = 'queued', decided_by = who.login, decided_at = command_approve.moment, decision_note = said, row_version = c.row_version + 1
    WHERE c.id = before.id RETURNING * INTO after;
  ELSE
    UPDATE public.operator_command c SET row_version = c.row_version + 1 WHERE c.id = before.id;
  END IF;
  PERFORM public.command_changed(before, after, who.login, 'approved', said, moment);
  RETURN after.status;
END $$
;;
CREATE FUNCTION command_reject(command_id bigint, note text, acting text DEFAULT NULL, moment bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ DECLARE
  who public.person;
  before public.operator_command;
  after public.operator_command;
  why text := public.checked_reason(note);
BEGIN
  SELECT a.login, a.moment INTO acting, moment FROM public.acting(acting, moment) a;
  before := public.locked_command(command_id);
  who := public.active_person(acting);
  IF before.requested_by = who.login OR NOT public.may_approve(before.kind, who.role) THEN
    PERFORM public.refuse('forbidden', format('%s may not decide about it', who.login));
  END IF;
  IF before.status <> 'awaiting_approval' THEN
    PERFORM public.not_now(before);
  END IF;
  UPDATE public.operator_command c SET status = 'rejected', decided_by = who.login, decided_at = command_reject.moment, decision_note = why, finished_at = command_reject.moment,
    subject_key = '', row_version = c.row_version + 1 WHERE c.id = before.id RETURNING * INTO after;
  PERFORM public.command_changed(before, after, who.login, 'rejected', why, moment);
END $$
;;
CREATE FUNCTION command_withdraw(command_id bigint, acting text DEFAULT NULL, moment bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ DECLARE
  who public.person;
  before public.operator_command;
  after public.operator_command;
BEGIN
  SELECT a.login, a.moment INTO acting, moment FROM public.acting(acting, moment) a;
  before := public.locked_command(command_id);
  who := public.active_person(acting);
  IF before.requested_by <> who.login THEN
    PERFORM public.refuse('forbidden', 'only who asked for it may withdraw it');
  END IF;
  IF before.status NOT IN ('requested', 'previewed', 'awaiting_approval', 'queued') THEN
    PERFORM public.not_now(before);
  END IF;
  UPDATE public.operator_command c SET status = 'withdrawn', finished_at = command_withdraw.moment, subject_key = '', row_version = c.row_version + 1
  WHERE c.id = before.id RETURNING * INTO after;
  PERFORM public.command_changed(before, after, who.login, 'withdrawn', '', moment);
END $$
;;
-- Cases, as workflows/operators/case_desk.cpp does it on SQLite's rows.
CREATE FUNCTION case_worker(login text) RETURNS public.person LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
$$ DECLARE who public.person := public.known_person(login);
BEGIN
  IF who.disabled_at IS NOT NULL OR who.role = 'auditor' THEN
    PERFORM public.refuse('forbidden', format('%s may not work on cases', login));
  END IF;
  RETURN who;
END $$
;;
CREATE FUNCTION needed_text(given text) RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
$$ BEGIN
  IF public.trimmed(given) = '' THEN
    PERFORM public.refuse('missing_field', 'a text');
  END IF;
  RETURN given;
END $$
;;
-- The case, locked, if this login may change it.
CREATE FUNCTION changeable_case(login text, wanted bigint, given text, owner_only boolean) RETURNS public.intervention_case
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
$$ DECLARE item public.intervention_case;
BEGIN
  IF length(given) > 4000 THEN
    PERFORM public.refuse('too_large', format('a text of %s characters', length(given)));
  END IF;
  PERFORM public.case_worker(login);
  SELECT * INTO item FROM public.intervention_case c WHERE c.id = wanted FOR UPDATE;
  IF NOT FOUND THEN
    PERFORM public.refuse('not_found', format('there is no case %s', public.id_text('case', wanted)));
  END IF;
  IF item.state <> 'open' THEN
    PERFORM public.refuse('event_not_accepted', format('%s is resolved', public.id_text('case', wanted)));
  END IF;
  IF owner_only AND item.owner <> login THEN
    PERFORM public.refuse('forbidden', CASE item.owner WHEN '' THEN 'claim the case first' ELSE format('%s works on it', item.owner) END);
  END IF;
  RETURN item;
END $$
;;
-- Keeps the case as it is now, with what was done and said.
CREATE FUNCTION case_changed(item public.intervention_case, owner_before text, login text, kind text, given text, moment bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
$$ BEGIN
  UPDATE public.intervention_case c SET severity = item.severity, state = item.state, resolved_at = item.resolved_at, owner = item.owner, claimed_at = item.claimed_at,
    snoozed_until = item.snoozed_until, due_at = item.due_at, resolved_by = item.resolved_by, resolution = item.resolution, row_version = c.row_version + 1 WHERE c.id = item.id;
  INSERT INTO public.case_note (id, case_id, at, author, kind, text) VALUES (public.next_id(moment), item.id, moment, login, kind, public.trimmed(given));
  PERFORM public.audit('operator:' || login, 'case.' || kind, public.id_text('case', item.id), owner_before, item.owner, public.trimmed(given), moment);
  PERFORM pg_notify('counterfoil_changed', '');
END $$
;;
CREATE FUNCTION case_claim(case_id bigint, acting text DEFAULT NULL, moment bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ DECLARE item public.intervention_case;
BEGIN
  SELECT a.login, a.moment INTO acting, moment FROM public.acting(acting, moment) a;
  item := public.changeable_case(acting, case_id, '', false);
  IF item.owner = acting THEN
    RETURN;
  ELSIF item.owner <> '' THEN
    PERFORM public.refuse('in_progress', item.owner);
  END IF;
  item.owner := acting;
  item.claimed_at := moment;
  item.snoozed_until := NULL;
  PERFORM public.case_changed(item, '', acting, 'claimed', '', moment);
END $$
;;
CREATE FUNCTION case_release(case_id bigint, acting text DEFAULT NULL, moment bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ DECLARE item public.intervention_case;
BEGIN
  SELECT a.login, a.moment INTO acting, moment FROM public.acting(acting, moment) a;
  item := public.changeable_case(acting, case_id, '', true);
  item.owner := '';
  item.claimed_at := NULL;
  PERFORM public.case_changed(item, acting, acting, 'released', '', moment);
END $$
;;
CREATE FUNCTION case_hand_over(case_id bigint, to_login text, note text, acting text DEFAULT NULL, moment bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ DECLARE
  item public.intervention_case;
  other public.person;
BEGIN
  SELECT a.login, a.moment INTO acting, moment FROM public.acting(acting, moment) a;
  item := public.changeable_case(acting, case_id, note, true);
  other := public.case_worker(to_login);
  item.owner := other.login;
  item.claimed_at := moment;
  PERFORM public.case_changed(item, acting, acting, 'handed_over', note, moment);
END $$
;;
CREATE FUNCTION case_snooze(case_id bigint, until bigint, note text, acting text DEFAULT NULL, moment bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ DECLARE item public.intervention_case;
BEGIN
  SELECT a.login, a.moment INTO acting, moment FROM public.acting(acting, moment) a;
  item := public.changeable_case(acting, case_id, note, true);
  IF until IS NULL OR until <= moment THEN
    PERFORM public.refuse('deadline_passed', 'a case rests until a moment ahead');
  END IF;
  item.snoozed_until := until;
  PERFORM public.case_changed(item, acting, acting, 'snoozed', note, moment);
END $$
;;
CREATE FUNCTION case_escalate(case_id bigint, note text, acting text DEFAULT NULL, moment bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ DECLARE item public.intervention_case;
BEGIN
  SELECT a.login, a.moment INTO acting, moment FROM public.acting(acting, moment) a;
  item := public.changeable_case(acting, case_id, note, false);
  item.severity := CASE item.severity WHEN 'info' THEN 'warning' ELSE 'critical' END;
  item.due_at := least(item.due_at, moment);
  item.snoozed_until := NULL;
  PERFORM public.case_changed(item, item.owner, acting, 'escalated', note, moment);
END $$
;;
CREATE FUNCTION case_note(case_id bigint, note text, acting text DEFAULT NULL, moment bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ DECLARE item public.intervention_case;
BEGIN
  SELECT a.login, a.moment INTO acting, moment FROM public.acting(acting, moment) a;
  item := public.changeable_case(acting, case_id, public.needed_text(note), false);
  PERFORM public.case_changed(item, item.owner, acting, 'note', note, moment);
END $$
;;
CREATE FUNCTION case_resolve(case_id bigint, reason text, acting text DEFAULT NULL, moment bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ DECLARE item public.intervention_case;
BEGIN
  SELECT a.login, a.moment INTO acting, moment FROM public.acting(acting, moment) a;
  item := public.changeable_case(acting, case_id, public.needed_text(reason), true);
  item.state := 'resolved';
  item.resolved_at := moment;
  item.resolved_by := acting;
  item.resolution := public.trimmed(reason);
  PERFORM public.case_changed(item, acting, acting, 'resolved', reason, moment);
END $$
;;
-- People, as workflows/operators/people.cpp does it on SQLite's rows, and their logins. A password_hash of '*' says that the database checks who it is.
-- An administrator acts; where it isn't a person's session, the owner's tools say who they are.
CREATE FUNCTION administering(INOUT actor text, INOUT moment bigint) LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
$$ DECLARE who public.person;
BEGIN
  IF EXISTS (SELECT FROM public.person p WHERE p.login = session_user) THEN
    who := public.active_person(session_user);
    IF who.role <> 'administrator' THEN
      PERFORM public.refuse('forbidden', format('%s is no administrator', session_user));
    END IF;
    actor := 'operator:' || session_user;
    moment := NULL;
  END IF;
  SELECT coalesce(actor, a.login), a.moment INTO actor, moment
  FROM public.acting(CASE WHEN who.login IS NULL THEN coalesce(actor, session_user) ELSE session_user END, moment) a;
  -- One at a time: the last administrator, and the database's own list of who may connect.
  LOCK TABLE public.person IN SHARE ROW EXCLUSIVE MODE;
END $$
;;
-- Whether a login of this server is one that was made here or in another database of Counterfoil, and nothing more.
CREATE FUNCTION is_console_login(login text) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS
$$ SELECT EXISTS (
     SELECT FROM pg_roles r WHERE r.rolname = login AND NOT (r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls)
       AND EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid)
       AND NOT EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid
                       AND g.rolname NOT IN ('counterfoil_support', 'counterfoil_supervisor', 'counterfoil_finance', 'counterfoil_administrator', 'counterfoil_auditor'))) $$
;;
CREATE FUNCTION works_elsewhere(login text) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS
$$ SELECT EXISTS (SELECT FROM pg_database d CROSS JOIN LATERAL aclexplode(d.datacl) a JOIN pg_roles r ON r.oid = a.grantee
                  WHERE r.rolname = login AND d.datname <> current_database()) $$
;;
-- Puts a login into the group of a role, and takes it out of the others.
CREATE FUNCTION join_group(login text, role text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
$$ DECLARE other name;
BEGIN
  IF NOT public.is_console_login(login) THEN
    PERFORM public.refuse('already_exists_different', format('the server has a login %s that isn''t Counterfoil''s', login));
  END IF;
  FOR other IN SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member
               WHERE r.rolname = login AND g.rolname <> 'counterfoil_' || role LOOP
    IF public.works_elsewhere(login) THEN
      PERFORM public.refuse('already_exists_different', format('%s has another role in another database of this server', login));
    END IF;
    EXECUTE format('REVOKE %I FROM %I', other, login);
  END LOOP;
  IF NOT pg_has_role(login, 'counterfoil_' || role, 'MEMBER') THEN
    EXECUTE format('GRANT %I TO %I', 'counterfoil_' || role, login);
  END IF;
END $$
;;
-- Makes the login of a person, or gives it this password. One who works in another database of this server too keeps the password.
CREATE FUNCTION make_login(login text, role text, verifier text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
$$ BEGIN
  IF verifier !~ '^SCRAM-SHA-256\$[0-9]{4,7}:[A-Za-z0-9+/]+={0,2}\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$' THEN
    PERFORM public.refuse('malformed_input', 'a password comes as its SCRAM-SHA-256 verifier');
  END IF;
  IF length(login) > 63 THEN
    PERFORM public.refuse('invalid_text', 'a database''s login has at most 63 characters');
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = login) THEN
    EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L', login, verifier);
    EXECUTE format('GRANT %I TO %I', 'counterfoil_' || role, login);
  ELSIF public.is_console_login(login) AND NOT public.works_elsewhere(login) THEN
    EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L', login, verifier);
  END IF;
  PERFORM public.join_group(login, role);
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), login);
EXCEPTION
  WHEN reserved_name THEN
    PERFORM public.refuse('invalid_text', format('%s can''t be a database''s login', login));
  WHEN insufficient_privilege THEN
    PERFORM public.refuse('forbidden', format('the tables'' owner may not make logins: ALTER ROLE %I CREATEROLE', current_user));
END $$
;;
CREATE FUNCTION person_add(login text, name text, role text, password_hash text, verifier text DEFAULT NULL, actor text DEFAULT NULL, moment bigint DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ DECLARE made bigint;
BEGIN
  IF coalesce(login, '') !~ '^[a-z0-9][a-z0-9._-]{1,63}$' THEN
    PERFORM public.refuse('invalid_text', 'a login has 2 to 64 of a-z, 0-9, dot, dash and underscore');
  ELSIF public.trimmed(name) = '' OR length(name) > 120 THEN
    PERFORM public.refuse('invalid_text', 'a name has 1 to 120 characters');
  END IF;
  SELECT a.actor, a.moment INTO actor, moment FROM public.administering(actor, moment) a;
  PERFORM public.check_role(role);
  -- Who may be the owner is no person: sessions of both would be the same.
  IF EXISTS (SELECT FROM public.person p WHERE p.login = person_add.login)
     OR EXISTS (SELECT FROM pg_roles r WHERE r.rolname = person_add.login AND pg_has_role(r.oid, current_user, 'MEMBER')) THEN
    PERFORM public.refuse('already_exists_different', format('there is a login %s already', login));
  END IF;
  made := public.next_id(moment);
  INSERT INTO public.person (id, login, name, role, password_hash, failed_logins, created_at)
  VALUES (made, login, public.trimmed(name), role, CASE WHEN verifier IS NULL THEN coalesce(password_hash, '') ELSE '*' END, 0, moment);
  IF verifier IS NOT NULL THEN
    PERFORM public.make_login(login, role, verifier);
  END IF;
  PERFORM public.audit(actor, 'person.added', login, '', role, name, moment);
  RETURN made;
END $$
;;
CREATE FUNCTION check_role(role text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
$$ BEGIN
  IF role IS NULL OR role NOT IN ('support', 'supervisor', 'finance', 'administrator', 'auditor') THEN
    PERFORM public.refuse('unknown_value', format('there is no role ''%s''', left(role, 40)));
  END IF;
END $$
;;
CREATE FUNCTION is_last_administrator(who public.person) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS
$$ SELECT who.role = 'administrator' AND NOT EXISTS (SELECT FROM public.person p WHERE p.role = 'administrator' AND p.disabled_at IS NULL AND p.id <> who.id) $$
;;
CREATE FUNCTION person_set_role(login text, role text, actor text DEFAULT NULL, moment bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ DECLARE who public.person;
BEGIN
  SELECT a.actor, a.moment INTO actor, moment FROM public.administering(actor, moment) a;
  PERFORM public.check_role(role);
  who := public.known_person(login);
  IF role <> 'administrator' AND public.is_last_administrator(who) THEN
    PERFORM public.refuse('forbidden', format('%s is the last administrator', login));
  END IF;
  UPDATE public.person p SET role = person_set_role.role WHERE p.id = who.id;
  IF who.password_hash = '*' THEN
    PERFORM public.join_group(login, role);
  END IF;
  PERFORM public.audit(actor, 'person.role_changed', login, who.role, role, '', moment);
END $$
;;
CREATE FUNCTION person_set_disabled(login text, disabled boolean, actor text DEFAULT NULL, moment bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ DECLARE who public.person;
BEGIN
  SELECT a.actor, a.moment INTO actor, moment FROM public.administering(actor, moment) a;
  who := public.known_person(login);
  IF disabled AND public.is_last_administrator(who) THEN
    PERFORM public.refuse('forbidden', format('%s is the last administrator', login));
  END IF;
  UPDATE public.person p SET disabled_at = CASE WHEN disabled THEN person_set_disabled.moment END WHERE p.id = who.id;
  IF who.password_hash = '*' AND disabled THEN
    EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM %I', current_database(), login);
    PERFORM public.end_sessions(ARRAY(SELECT a.pid FROM pg_stat_activity a WHERE a.usename = person_set_disabled.login AND a.datname = current_database() AND a.pid <> pg_backend_pid()));
  ELSIF who.password_hash = '*' THEN
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), login);
  END IF;
  PERFORM public.audit(actor, CASE WHEN disabled THEN 'person.disabled' ELSE 'person.enabled' END, login, who.role, who.role, '', moment);
END $$
;;
CREATE FUNCTION person_set_password(login text, password_hash text, verifier text DEFAULT NULL, actor text DEFAULT NULL, moment bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ DECLARE who public.person;
BEGIN
  SELECT a.actor, a.moment INTO actor, moment FROM public.administering(actor, moment) a;
  who := public.known_person(login);
  IF verifier IS NOT NULL AND public.works_elsewhere(login) THEN
    PERFORM public.refuse('forbidden', format('%s works in another database of this server too and has to change the password personally', login));
  ELSIF verifier IS NOT NULL THEN
    PERFORM public.make_login(login, who.role, verifier);
  END IF;
  UPDATE public.person p SET password_hash = CASE WHEN verifier IS NULL THEN coalesce(person_set_password.password_hash, '') ELSE '*' END, failed_logins = 0, locked_until = NULL
  WHERE p.id = who.id;
  PERFORM public.audit(actor, 'person.password_changed', login, who.role, who.role, '', moment);
END $$
;;
-- Sessions that may be ended are; an error is that of a missing privilege. Returns how many were.
CREATE FUNCTION end_sessions(pids integer[]) RETURNS integer LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
$$ DECLARE
  each integer;
  ended integer := 0;
BEGIN
  FOREACH each IN ARRAY pids LOOP
    BEGIN
      ended := ended + pg_terminate_backend(each)::int;
    EXCEPTION WHEN insufficient_privilege THEN
      NULL;
    END;
  END LOOP;
  RETURN ended;
END $$
;;
-- For a worker: ends sessions of this database that sit idle in a transaction, and those of people that keep what they have changed uncommitted
-- by doing something else.
CREATE FUNCTION end_idle_sessions(idle_micros bigint) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ BEGIN
  RETURN public.end_sessions(ARRAY(
    SELECT a.pid FROM pg_stat_activity a WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.backend_type = 'client backend'
      AND ((a.state IN ('idle in transaction', 'idle in transaction (aborted)') AND extract(epoch FROM clock_timestamp() - a.state_change) * 1000000 > idle_micros)
           OR (a.backend_xid IS NOT NULL AND extract(epoch FROM clock_timestamp() - a.xact_start) * 1000000 > idle_micros
               AND a.usename IN (SELECT p.login FROM public.person p)))));
END $$
;;
-- It is called from functions that look nothing up outside of pg_catalog.
CREATE OR REPLACE FUNCTION check_approval() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
$$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.operator_command c WHERE c.id = NEW.command_id AND c.status = 'awaiting_approval' AND c.requested_by <> NEW.approver
                 AND c.preview_sha256 = NEW.preview_sha256) THEN
    RAISE EXCEPTION 'an approval is somebody else''s, of the preview that waits' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
;;
-- Who works here, without what nobody may see.
CREATE VIEW colleague WITH (security_invoker = true) AS SELECT id, login, name, role, disabled_at, created_at FROM person
;;
-- What somebody only tries out is their own until it is filed; an auditor sees everything.
ALTER TABLE operator_command ENABLE ROW LEVEL SECURITY
;;
CREATE POLICY filed_or_own ON operator_command FOR SELECT TO counterfoil_reader
  USING (filed_at IS NOT NULL OR requested_by = session_user OR (SELECT pg_has_role(session_user, 'counterfoil_auditor', 'MEMBER')))
;;
CREATE POLICY worker_all ON operator_command TO counterfoil_worker USING (true) WITH CHECK (true)
;;
-- Privileges. Nobody has any but by what follows.
DO $$
DECLARE
  each text;
  given regprocedure;
BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO counterfoil_worker', current_database());
  REVOKE ALL ON SCHEMA public FROM PUBLIC;
  REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC;
  REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC;
  REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
  ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
  GRANT USAGE ON SCHEMA public TO counterfoil_reader, counterfoil_worker;

  -- Locks by number stop the sealing of the audit trail, and large objects fill the disk. Both belong to the server's superuser: who migrates as somebody
  -- else has them taken away by that one.
  FOR given IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace
               AND (p.proname ~ '^pg_(try_)?advisory_' OR p.proname IN ('lo_creat', 'lo_create', 'lo_from_bytea', 'lo_put', 'lowrite')) LOOP
    BEGIN
      EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', given);
      IF given = 'pg_try_advisory_xact_lock(bigint)'::regprocedure THEN
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO counterfoil_worker', given);
      END IF;
    EXCEPTION WHEN insufficient_privilege THEN
      NULL;
    END;
  END LOOP;

  -- Everything but tokens, stored answers of the HTTP interface, and passwords.
  GRANT SELECT ON
    customer, merchant, warehouse, product, sku, price_tier, stock, stock_reservation, coupon, coupon_grant, account, ledger_entry, posting, hold, hold_movement,
    orders, sub_order, order_item, order_event, payment_transaction, transaction_detail, refund_item, gateway_exchange, gateway_payload, gateway_callback,
    gateway_callback_body, callback_refusal, tcc_transaction, tcc_branch, tcc_fence, job, intervention_case, case_note, audit_event, audit_seal, import_run,
    workflow_revision, worker_heartbeat, setting, schema_migration, command_permission, command_policy, operator_command, command_approval, colleague
    TO counterfoil_reader;
  GRANT SELECT (id, login, name, role, disabled_at, created_at) ON person TO counterfoil_reader;

  FOREACH each IN ARRAY ARRAY[
    'command_request(text, bigint, bigint, bigint, text, bigint, text, text, text, bigint)', 'command_file(bigint, text, text, bigint)',
    'command_approve(bigint, text, text, text, bigint)', 'command_reject(bigint, text, text, bigint)', 'command_withdraw(bigint, text, bigint)',
    'case_claim(bigint, text, bigint)', 'case_release(bigint, text, bigint)', 'case_hand_over(bigint, text, text, text, bigint)', 'case_snooze(bigint, bigint, text, text, bigint)',
    'case_escalate(bigint, text, text, bigint)', 'case_note(bigint, text, text, bigint)', 'case_resolve(bigint, text, text, bigint)'] LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION public.%s TO counterfoil_support, counterfoil_supervisor, counterfoil_finance, counterfoil_administrator', each);
  END LOOP;
  FOREACH each IN ARRAY ARRAY[
    'person_add(text, text, text, text, text, text, bigint)', 'person_set_role(text, text, text, bigint)', 'person_set_disabled(text, boolean, text, bigint)',
    'person_set_password(text, text, text, text, bigint)'] LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION public.%s TO counterfoil_administrator', each);
  END LOOP;

  -- A worker moves money, and nothing of what people decided.
  GRANT SELECT ON
    merchant, warehouse, product, sku, price_tier, command_approval, workflow_revision, setting, schema_migration, api_token, import_run TO counterfoil_worker;
  GRANT SELECT, INSERT ON
    ledger_entry, posting, hold_movement, order_event, gateway_payload, gateway_callback_body, refund_item, audit_event, audit_seal, callback_refusal, idempotency_record,
    customer TO counterfoil_worker;
  GRANT SELECT, INSERT, UPDATE ON
    stock_reservation, coupon_grant, account, hold, orders, sub_order, order_item, payment_transaction, transaction_detail, gateway_exchange, gateway_callback,
    tcc_transaction, tcc_branch, tcc_fence, job, intervention_case, worker_heartbeat TO counterfoil_worker;
  GRANT SELECT, UPDATE ON stock, coupon TO counterfoil_worker;
  GRANT SELECT, UPDATE (status, preview, preview_sha256, basis_sha256, previewed_at, subject_key, finished_at, result, row_version) ON operator_command TO counterfoil_worker;
  GRANT EXECUTE ON FUNCTION public.end_idle_sessions(bigint) TO counterfoil_worker;
END $$
