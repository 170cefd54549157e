-- SPDX-License-Identifier: GPL-3.0-or-later
-- Append-only by trigger; and an approval is somebody else's, of what was shown.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['case_note', 'command_approval'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', name || '_append_only', name);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name || '_no_truncate', name);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', name, name || '_append_only');
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', name, name || '_no_truncate');
  END LOOP;
END $$
;;
CREATE FUNCTION check_approval() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM operator_command c WHERE c.id = NEW.command_id AND c.status = 'awaiting_approval' AND c.requested_by <> NEW.approver
                 AND c.preview_sha256 = NEW.preview_sha256) THEN
    RAISE EXCEPTION 'an approval is somebody else''s, of the preview that waits' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
;;
CREATE TRIGGER command_approval_of_what_was_shown BEFORE INSERT ON command_approval FOR EACH ROW EXECUTE FUNCTION check_approval()
