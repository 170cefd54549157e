-- SPDX-License-Identifier: GPL-3.0-or-later
-- Append-only by trigger. One pair per table; statements end at a line that is only ';;'.
CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only'); END
;;
CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only'); END
;;
CREATE TRIGGER posting_no_update BEFORE UPDATE ON posting BEGIN SELECT RAISE(ABORT, 'posting is append-only'); END
;;
CREATE TRIGGER posting_no_delete BEFORE DELETE ON posting BEGIN SELECT RAISE(ABORT, 'posting is append-only'); END
;;
CREATE TRIGGER hold_movement_no_update BEFORE UPDATE ON hold_movement BEGIN SELECT RAISE(ABORT, 'hold_movement is append-only'); END
;;
CREATE TRIGGER hold_movement_no_delete BEFORE DELETE ON hold_movement BEGIN SELECT RAISE(ABORT, 'hold_movement is append-only'); END
;;
CREATE TRIGGER order_event_no_update BEFORE UPDATE ON order_event BEGIN SELECT RAISE(ABORT, 'order_event is append-only'); END
;;
CREATE TRIGGER order_event_no_delete BEFORE DELETE ON order_event BEGIN SELECT RAISE(ABORT, 'order_event is append-only'); END
;;
CREATE TRIGGER gateway_payload_no_update BEFORE UPDATE ON gateway_payload BEGIN SELECT RAISE(ABORT, 'gateway_payload is append-only'); END
;;
CREATE TRIGGER gateway_payload_no_delete BEFORE DELETE ON gateway_payload BEGIN SELECT RAISE(ABORT, 'gateway_payload is append-only'); END
;;
CREATE TRIGGER gateway_callback_body_no_update BEFORE UPDATE ON gateway_callback_body BEGIN SELECT RAISE(ABORT, 'gateway_callback_body is append-only'); END
;;
CREATE TRIGGER gateway_callback_body_no_delete BEFORE DELETE ON gateway_callback_body BEGIN SELECT RAISE(ABORT, 'gateway_callback_body is append-only'); END
;;
CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END
;;
CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END
