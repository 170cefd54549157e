// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/benchmarks/throughput/floor/floor_statements.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { text_max = 1024, changes_max = floor_batch_max * (floor_lines + 3) };

// One payment under way: the ids that later steps need.
struct payment {
    const struct floor_order* order;
    int64_t id;
    int64_t transaction;
    int64_t gid;
    int64_t subs[floor_lines];
    int64_t items[floor_lines];
    int64_t reservations[floor_lines];
    int64_t hold;
    int64_t exchange;
    int64_t send_job;
    int64_t timer_job;
    int64_t callback;
    int64_t callback_job;
    char order_text[24];
    char transaction_text[24];
    char intent[24];
    char args_hash[2][68];
};

// What a batch does to a stock or an account, summed up: one update each, in the order of their ids.
struct change {
    int64_t id;
    int64_t amounts[3];
    int64_t version;
};

struct changes {
    struct change list[changes_max];
    int count;
};

static int64_t now_micros(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t next_id(struct floor_run* run)
{
    const int64_t id = run->next_id;
    run->next_id += run->id_step;
    return id;
}

// As long as an id that people see: a prefix and 14 characters.
static void id_text(char* text, const char* prefix, int64_t id)
{
    static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
    const size_t length = strlen(prefix);
    memcpy(text, prefix, length);
    for (int i = 13; i >= 0; --i) {
        text[length + (size_t)i] = digits[id & 31];
        id >>= 5;
    }
    text[length + 14] = 0;
}

// As long as a SHA-256 in hexadecimal.
static void hash_text(char* text, int64_t id)
{
    snprintf(text, 68, "%016" PRIx64 "%016" PRIx64 "%016" PRIx64 "%016" PRIx64, (uint64_t)id, (uint64_t)id * 3, (uint64_t)id * 5, (uint64_t)id * 7);
}

static void begin(struct floor_run* run)
{
    run->database->begin(run->database);
}

static void commit(struct floor_run* run)
{
    run->database->commit(run->database);
    ++run->commits;
}

#define RUN(statement, ...) run->database->run(run->database, statement, __VA_ARGS__)

static void change(struct changes* changes, int64_t id, int64_t a, int64_t b, int64_t c)
{
    changes->list[changes->count++] = (struct change){id, {a, b, c}, 1};
}

static int by_id(const void* a, const void* b)
{
    const int64_t one = ((const struct change*)a)->id;
    const int64_t other = ((const struct change*)b)->id;
    return one < other ? -1 : one > other;
}

static void sum_up(struct changes* changes)
{
    qsort(changes->list, (size_t)changes->count, sizeof changes->list[0], by_id);
    int kept = 0;
    for (int i = 0; i < changes->count; ++i) {
        struct change* last = kept > 0 ? &changes->list[kept - 1] : NULL;
        if (!last || last->id != changes->list[i].id) {
            changes->list[kept++] = changes->list[i];
            continue;
        }
        for (int n = 0; n < 3; ++n) {
            last->amounts[n] += changes->list[i].amounts[n];
        }
        ++last->version;
    }
    changes->count = kept;
}

static void write_stocks(struct floor_run* run, struct changes* changes)
{
    sum_up(changes);
    for (int i = 0; i < changes->count; ++i) {
        const struct change* one = &changes->list[i];
        RUN(change_stock, one->amounts[0], one->amounts[1], one->version, one->id);
    }
}

static void write_accounts(struct floor_run* run, struct changes* changes)
{
    sum_up(changes);
    for (int i = 0; i < changes->count; ++i) {
        const struct change* one = &changes->list[i];
        RUN(change_account, one->amounts[0], one->amounts[1], one->amounts[2], one->version, one->id);
    }
}

static void write_event(struct floor_run* run, const struct payment* p, const char* event, const char* from, const char* to, int64_t now)
{
    char key[64];
    snprintf(key, sizeof key, "%s:%" PRId64, event, p->gid);
    RUN(add_event, next_id(run), p->id, key, event, from, to, now);
    RUN(add_audit, next_id(run), now, "order.transition", p->order_text, from, to, event);
}

static void write_timer(struct floor_run* run, struct payment* p, const char* event, int64_t due, int64_t now)
{
    char key[80];
    char payload[48];
    snprintf(key, sizeof key, "timer:%" PRId64 ":%s", p->id, event);
    snprintf(payload, sizeof payload, "2 %s", event);
    p->timer_job = next_id(run);
    RUN(add_job, p->timer_job, "order_timer", p->id, p->id, key, payload, due, now);
}

static void write_exchange(struct floor_run* run, struct payment* p, const char* operation, const char* intent, int64_t now)
{
    const int64_t gateway_part = 3 * run->shop.unit_price + run->shop.shipping - run->shop.wallet_part;
    char key[64];
    p->exchange = next_id(run);
    snprintf(key, sizeof key, "%s-%s-1", p->transaction_text, operation);
    RUN(add_exchange, p->exchange, p->id, p->transaction, operation, key, gateway_part, intent, now);
    snprintf(key, sizeof key, "exchange:%" PRId64, p->exchange);
    p->send_job = next_id(run);
    RUN(add_job, p->send_job, "gateway_send", p->id, p->exchange, key, "", now, now);
}

static void write_lines(struct floor_run* run, struct payment* p)
{
    const struct floor_shop* shop = &run->shop;
    const int64_t gross = shop->unit_price + shop->shipping / 3;
    const int64_t commission = gross / 20;
    for (int i = 0; i < floor_lines; ++i) {
        const struct floor_line* line = &p->order->lines[i];
        p->subs[i] = next_id(run);
        RUN(add_sub_order, p->subs[i], p->id, (int64_t)i + 1, line->merchant, shop->warehouse, shop->unit_price, shop->shipping / 3, gross, commission);
    }
    for (int i = 0; i < floor_lines; ++i) {
        const struct floor_line* line = &p->order->lines[i];
        p->items[i] = next_id(run);
        RUN(add_item, p->items[i], p->id, p->subs[i], (int64_t)i + 1, line->sku, line->code, line->merchant, shop->warehouse, shop->unit_price, shop->unit_price, shop->shipping / 3);
        RUN(add_detail, p->transaction, (int64_t)i + 1, p->subs[i], line->merchant, gross, commission, gross - commission);
    }
}

static void write_tcc(struct floor_run* run, struct payment* p, const char* hash, int64_t now)
{
    const struct floor_line* lines = p->order->lines;
    char key[64];
    char args[text_max];
    p->gid = next_id(run);
    snprintf(key, sizeof key, "payment:%" PRId64, p->id);
    RUN(add_tcc, p->gid, key, p->id, p->transaction, hash, now + 86400000000, now);
    for (int n = 0; n < 2; ++n) {
        int length = n == 0 ? snprintf(args, sizeof args, "{\"lines\":[")
                            : snprintf(args, sizeof args, "{\"buyer\":\"%" PRId64 "\",\"currency\":\"USD\",\"gateway\":\"5597\",\"promotions\":\"0\",\"shares\":[", p->order->customer);
        for (int i = 0; i < floor_lines; ++i) {
            length += n == 0 ? snprintf(args + length, sizeof args - (size_t)length, "%s{\"item\":\"%" PRId64 "\",\"name\":\"%s\",\"quantity\":\"1\",\"stock\":\"%" PRId64 "\"}", i ? "," : "", p->items[i],
                                        lines[i].code, lines[i].stock)
                             : snprintf(args + length, sizeof args - (size_t)length, "%s{\"commission\":\"110\",\"merchant\":\"%" PRId64 "\",\"net\":\"2089\",\"sub_order\":\"%" PRId64 "\"}",
                                        i ? "," : "", lines[i].merchant, p->subs[i]);
        }
        snprintf(args + length, sizeof args - (size_t)length, n == 0 ? "]}" : "],\"wallet\":\"1000\"}");
        hash_text(p->args_hash[n], p->gid + n);
        RUN(add_branch, p->gid, (int64_t)n + 1, n == 0 ? "stock" : "accounts", args, p->args_hash[n]);
        RUN(add_fence, p->gid, (int64_t)n + 1, p->args_hash[n], now + 86400000000);
    }
}

static void write_freeze(struct floor_run* run, struct payment* p, int64_t now)
{
    const int64_t part = run->shop.wallet_part;
    char key[64];
    for (int i = 0; i < floor_lines; ++i) {
        p->reservations[i] = next_id(run);
        RUN(add_reservation, p->reservations[i], p->order->lines[i].stock, p->id, p->items[i]);
    }
    const int64_t entry = next_id(run);
    snprintf(key, sizeof key, "tcc:%" PRId64 ":2:try", p->gid);
    RUN(add_entry, entry, key, "freeze", p->id, p->transaction, now);
    RUN(add_posting, entry, INT64_C(1), p->order->wallet, "available", -part, INT64_C(899999999000));
    RUN(add_posting, entry, INT64_C(2), p->order->wallet, "frozen", part, part);
    p->hold = next_id(run);
    RUN(add_hold, p->hold, p->order->wallet, part, part, "payment", p->id, INT64_C(0), now, INT64_C(0));
}

static void check_out(struct floor_run* run, struct payment* payments, int count)
{
    const struct floor_shop* shop = &run->shop;
    const int64_t payable = 3 * shop->unit_price + shop->shipping;
    const int64_t now = now_micros();
    struct changes stocks = {.count = 0};
    struct changes accounts = {.count = 0};
    char hash[68];
    begin(run);
    for (int i = 0; i < count; ++i) {
        struct payment* p = &payments[i];
        p->id = next_id(run);
        p->transaction = next_id(run);
        id_text(p->order_text, "ord_", p->id);
        id_text(p->transaction_text, "txn_", p->transaction);
        id_text(p->intent, "pi_", p->transaction);
        hash_text(hash, p->id);
        RUN(add_order, p->id, p->order->number, p->order->customer, p->order->buyer, 3 * shop->unit_price, shop->shipping, payable, shop->wallet_part, payable - shop->wallet_part, now, hash,
            now, now, now);
        RUN(add_transaction, p->transaction, p->id, p->order->wallet, payable, shop->wallet_part, payable - shop->wallet_part, now);
        write_lines(run, p);
        write_tcc(run, p, hash, now);
        RUN(add_audit, next_id(run), now, "order.created", p->order_text, "", "65.97 USD", p->order->number);
        write_event(run, p, "order.created", "", "created", now);
        write_freeze(run, p, now);
        write_event(run, p, "checkout.reserved", "created", "awaiting_payment", now);
        write_exchange(run, p, "create_intent", "", now);
        write_timer(run, p, "timeout.payment", now + 900000000, now);
        for (int line = 0; line < floor_lines; ++line) {
            change(&stocks, p->order->lines[line].stock, 0, 1, 0);
        }
        change(&accounts, p->order->wallet, -shop->wallet_part, shop->wallet_part, 0);
        ++accounts.list[accounts.count - 1].version;
    }
    write_stocks(run, &stocks);
    write_accounts(run, &accounts);
    commit(run);
}

static void send(struct floor_run* run, struct payment* payments, int count, const char* owner)
{
    const int64_t now = now_micros();
    if (run->database->claims_apart) {
        begin(run);
        for (int i = 0; i < count; ++i) {
            RUN(claim_job, owner, now + 5000000, payments[i].send_job);
        }
        commit(run);
    }
    begin(run);
    for (int i = 0; i < count; ++i) {
        RUN(send_exchange, payments[i].intent, now, payments[i].exchange);
        RUN(send_job, owner, now + 5000000, payments[i].send_job);
    }
    commit(run);
}

static void write_answer(struct floor_run* run, struct payment* p, const char* status, int64_t now)
{
    char request[text_max];
    char answer[text_max];
    snprintf(request, sizeof request, "POST /v1/payment_intents/%s/confirm\nIdempotency-Key: %s-confirm_intent-1\n\namount=5597&currency=usd&metadata[transaction]=%s&payment_method=pm_card_visa",
             p->intent, p->transaction_text, p->transaction_text);
    snprintf(answer, sizeof answer,
             "{\"id\":\"%s\",\"object\":\"payment_intent\",\"amount\":5597,\"amount_capturable\":0,\"amount_received\":5597,\"capture_method\":\"automatic\",\"confirmation_method\":\"automatic\","
             "\"currency\":\"usd\",\"latest_charge\":\"ch_%s\",\"livemode\":false,\"metadata\":{\"transaction\":\"%s\"},\"payment_method\":\"pm_card_visa\",\"payment_method_types\":[\"card\"],"
             "\"status\":\"%s\"}",
             p->intent, p->intent, p->transaction_text, status);
    RUN(answer_exchange, p->intent, now, p->exchange);
    RUN(add_payload, p->exchange, request, answer, now);
    RUN(finish_job, p->send_job);
    RUN(cancel_job, p->timer_job);
}

static void created(struct floor_run* run, struct payment* payments, int count)
{
    const int64_t now = now_micros();
    begin(run);
    for (int i = 0; i < count; ++i) {
        struct payment* p = &payments[i];
        write_answer(run, p, "requires_confirmation", now);
        RUN(start_transaction, p->intent, p->transaction);
        RUN(move_order, now, now, p->id);
        write_event(run, p, "payment.started", "awaiting_payment", "paying", now);
        write_exchange(run, p, "confirm_intent", p->intent, now);
        write_timer(run, p, "timeout.payment", now + 900000000, now);
    }
    commit(run);
}

static void write_division(struct floor_run* run, struct payment* p, struct changes* accounts, int64_t now)
{
    const struct floor_shop* shop = &run->shop;
    const int64_t gross = shop->unit_price + shop->shipping / 3;
    const int64_t commission = gross / 20;
    const int64_t net = gross - commission;
    const int64_t gateway_part = 3 * shop->unit_price + shop->shipping - shop->wallet_part;
    char key[64];
    const int64_t entry = next_id(run);
    snprintf(key, sizeof key, "tcc:%" PRId64 ":2:confirm", p->gid);
    RUN(add_entry, entry, key, "payment", p->id, p->transaction, now);
    RUN(add_posting, entry, INT64_C(1), p->order->wallet, "frozen", -shop->wallet_part, INT64_C(0));
    RUN(add_posting, entry, INT64_C(2), shop->clearing, "available", -gateway_part, -gateway_part * 1000);
    change(accounts, p->order->wallet, 0, -shop->wallet_part, shop->wallet_part);
    change(accounts, shop->clearing, -gateway_part, 0, 0);
    change(accounts, shop->fees, 3 * commission, 0, 0);
    for (int i = 0; i < floor_lines; ++i) {
        RUN(add_posting, entry, (int64_t)i + 3, p->order->lines[i].merchant_account, "frozen", net, net * 100);
        change(accounts, p->order->lines[i].merchant_account, 0, net, 0);
    }
    RUN(add_posting, entry, INT64_C(6), shop->fees, "available", 3 * commission, commission * 1000);
    RUN(capture_hold, p->hold);
    RUN(add_movement, next_id(run), p->hold, key, shop->wallet_part, entry, now);
    for (int i = 0; i < floor_lines; ++i) {
        const int64_t hold = next_id(run);
        RUN(add_hold, hold, p->order->lines[i].merchant_account, net, net, "settlement", p->id, p->subs[i], now, now + 604800000000);
        snprintf(key, sizeof key, "settlement:%" PRId64, hold);
        RUN(add_job, next_id(run), "settlement_release", p->id, hold, key, "", now + 604800000000, now);
    }
}

static void confirmed(struct floor_run* run, struct payment* payments, int count)
{
    const int64_t now = now_micros();
    const int64_t payable = 3 * run->shop.unit_price + run->shop.shipping;
    struct changes stocks = {.count = 0};
    struct changes accounts = {.count = 0};
    begin(run);
    for (int i = 0; i < count; ++i) {
        struct payment* p = &payments[i];
        write_answer(run, p, "succeeded", now);
        RUN(succeed_transaction, now, p->transaction);
        RUN(confirm_tcc, now, p->gid);
        for (int n = 1; n <= 2; ++n) {
            RUN(confirm_branch, now, p->gid, (int64_t)n);
            RUN(confirm_fence, p->gid, (int64_t)n);
        }
        for (int line = 0; line < floor_lines; ++line) {
            RUN(deduct_reservation, p->reservations[line]);
            change(&stocks, p->order->lines[line].stock, -1, -1, 0);
        }
        write_division(run, p, &accounts, now);
        RUN(pay_order, payable, now, now, p->id);
        write_event(run, p, "payment.confirmed", "paying", "paid", now);
        write_event(run, p, "fulfilment.started", "paid", "fulfilling", now);
        write_timer(run, p, "timeout.fulfilment", now + 1209600000000, now);
    }
    write_stocks(run, &stocks);
    write_accounts(run, &accounts);
    commit(run);
}

static void store_callbacks(struct floor_run* run, struct payment* payments, int count)
{
    const int64_t now = now_micros();
    begin(run);
    for (int i = 0; i < count; ++i) {
        struct payment* p = &payments[i];
        char key[64];
        char body[text_max];
        p->callback = next_id(run);
        snprintf(key, sizeof key, "evt_%s", p->intent + 3);
        RUN(add_callback, p->callback, key, p->intent, now);
        snprintf(body, sizeof body,
                 "{\"id\":\"%s\",\"object\":\"event\",\"api_version\":\"2024-04-10\",\"created\":%" PRId64 ",\"data\":{\"object\":{\"id\":\"%s\",\"object\":\"payment_intent\",\"amount\":5597,"
                 "\"amount_capturable\":0,\"amount_received\":5597,\"capture_method\":\"automatic\",\"confirmation_method\":\"automatic\",\"currency\":\"usd\",\"latest_charge\":\"ch_%s\","
                 "\"livemode\":false,\"metadata\":{\"transaction\":\"%s\"},\"payment_method\":\"pm_card_visa\",\"payment_method_types\":[\"card\"],\"status\":\"succeeded\"}},\"livemode\":false,"
                 "\"pending_webhooks\":1,\"request\":{\"id\":\"req_%s\"},\"type\":\"payment_intent.succeeded\"}",
                 key, now / 1000000, p->intent, p->intent, p->transaction_text, p->intent + 3);
        RUN(add_callback_body, p->callback, body);
        snprintf(key, sizeof key, "callback:%" PRId64, p->callback);
        p->callback_job = next_id(run);
        RUN(add_job, p->callback_job, "callback_apply", INT64_C(0), p->callback, key, "", now, now);
    }
    commit(run);
}

static void apply_callbacks(struct floor_run* run, struct payment* payments, int count, const char* owner)
{
    const int64_t now = now_micros();
    if (run->database->claims_apart) {
        begin(run);
        for (int i = 0; i < count; ++i) {
            RUN(claim_job, owner, now + 5000000, payments[i].callback_job);
        }
        commit(run);
    }
    begin(run);
    for (int i = 0; i < count; ++i) {
        RUN(apply_callback, payments[i].id, now, payments[i].callback);
        RUN(finish_job, payments[i].callback_job);
    }
    commit(run);
}

void floor_pay(struct floor_run* run, const struct floor_order* orders, int count)
{
    struct payment payments[floor_batch_max];
    for (int i = 0; i < count; ++i) {
        payments[i].order = &orders[i];
    }
    check_out(run, payments, count);
    send(run, payments, count, "worker-0");
    created(run, payments, count);
    send(run, payments, count, "worker-0");
    confirmed(run, payments, count);
    store_callbacks(run, payments, count);
    apply_callbacks(run, payments, count, "worker-0");
}
