// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/benchmarks/throughput/floor/floor.h"

enum floor_statement_name {
    // Checkout
    add_order,
    add_sub_order,
    add_item,
    add_transaction,
    add_detail,
    add_tcc,
    add_branch,
    add_fence,
    add_reservation,
    add_hold,
    add_entry,
    add_posting,
    add_exchange,
    add_event,
    add_job,
    add_audit,
    change_stock,
    change_account,
    // Gateway
    claim_job,
    send_job,
    finish_job,
    cancel_job,
    send_exchange,
    answer_exchange,
    add_payload,
    start_transaction,
    move_order,
    // Decision
    succeed_transaction,
    pay_order,
    confirm_tcc,
    confirm_branch,
    confirm_fence,
    deduct_reservation,
    capture_hold,
    add_movement,
    // Callback
    add_callback,
    add_callback_body,
    apply_callback,
    floor_statement_count
};

extern const struct floor_statement floor_statements[floor_statement_count];
