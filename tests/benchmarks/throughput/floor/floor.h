// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The least that a database has to do for a payment: the rows that the program writes, in its commits, by prepared statements through
// the database's own C API. Only the writes: inserts, and updates by key. Nothing is read, checked or decided.

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { floor_lines = 3, floor_batch_max = 64 };

// A database behind its C API. `run` takes the statement's values as its types say: int64_t for `i`, const char* for `t`. Every function
// ends the process with the database's message when something fails.
struct floor_database {
    void* handle;
    void (*begin)(struct floor_database*);
    void (*run)(struct floor_database*, int statement, ...);
    void (*commit)(struct floor_database*);
    void (*close)(struct floor_database*);
    // On PostgreSQL the claim of a job is a commit of its own.
    int claims_apart;
};

struct floor_statement {
    const char* sql;
    const char* types;
};

struct floor_database* floor_open_sqlite(const char* path);
struct floor_database* floor_open_postgresql(const char* conninfo);

// What a line of an order is made of.
struct floor_line {
    int64_t sku;
    int64_t stock;
    int64_t merchant;
    int64_t merchant_account;
    char code[24];
};

struct floor_order {
    char number[40];
    char buyer[24];
    int64_t customer;
    int64_t wallet;
    struct floor_line lines[floor_lines];
};

struct floor_shop {
    int64_t warehouse;
    int64_t clearing;
    int64_t fees;
    int64_t unit_price;
    int64_t shipping;
    int64_t wallet_part;
};

struct floor_run {
    struct floor_database* database;
    struct floor_shop shop;
    // The next id, and how far it is to the one after it: workers count apart.
    int64_t next_id;
    int64_t id_step;
    int64_t commits;
};

// One batch of payments from order to division.
void floor_pay(struct floor_run* run, const struct floor_order* orders, int count);

#ifdef __cplusplus
}
#endif
