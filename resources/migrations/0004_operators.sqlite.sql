-- SPDX-License-Identifier: GPL-3.0-or-later
-- Append-only by trigger; and an approval is somebody else's, of what was shown.
CREATE TRIGGER case_note_no_update BEFORE UPDATE ON case_note BEGIN SELECT RAISE(ABORT, 'case_note is append-only'); END
;;
CREATE TRIGGER case_note_no_delete BEFORE DELETE ON case_note BEGIN SELECT RAISE(ABORT, 'case_note is append-only'); END
;;
CREATE TRIGGER command_approval_no_update BEFORE UPDATE ON command_approval BEGIN SELECT RAISE(ABORT, 'command_approval is append-only'); END
;;
CREATE TRIGGER command_approval_no_delete BEFORE DELETE ON command_approval BEGIN SELECT RAISE(ABORT, 'command_approval is append-only'); END
;;
CREATE TRIGGER command_approval_of_what_was_shown BEFORE INSERT ON command_approval
WHEN NOT EXISTS (SELECT 1 FROM operator_command c WHERE c.id = NEW.command_id AND c.status = 'awaiting_approval' AND c.requested_by <> NEW.approver
                 AND c.preview_sha256 = NEW.preview_sha256)
BEGIN SELECT RAISE(ABORT, 'an approval is somebody else''s, of the preview that waits'); END
