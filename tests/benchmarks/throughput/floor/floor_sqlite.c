// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/benchmarks/throughput/floor/floor_statements.h"

#include <sqlite3.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct sqlite_floor {
    sqlite3* connection;
    sqlite3_stmt* begin;
    sqlite3_stmt* commit;
    sqlite3_stmt* statements[floor_statement_count];
};

static void check(struct sqlite_floor* floor, int code)
{
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) {
        fprintf(stderr, "floor: %s\n", sqlite3_errmsg(floor->connection));
        exit(1);
    }
}

static sqlite3_stmt* prepared(struct sqlite_floor* floor, const char* sql)
{
    sqlite3_stmt* statement = NULL;
    check(floor, sqlite3_prepare_v3(floor->connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL));
    return statement;
}

static void step(struct sqlite_floor* floor, sqlite3_stmt* statement)
{
    check(floor, sqlite3_step(statement));
    check(floor, sqlite3_reset(statement));
}

static void begin(struct floor_database* database)
{
    struct sqlite_floor* floor = database->handle;
    step(floor, floor->begin);
}

static void commit(struct floor_database* database)
{
    struct sqlite_floor* floor = database->handle;
    step(floor, floor->commit);
}

static void run(struct floor_database* database, int name, ...)
{
    struct sqlite_floor* floor = database->handle;
    sqlite3_stmt* statement = floor->statements[name];
    va_list values;
    va_start(values, name);
    int index = 0;
    for (const char* type = floor_statements[name].types; *type; ++type) {
        ++index;
        if (*type == 'i') {
            check(floor, sqlite3_bind_int64(statement, index, va_arg(values, int64_t)));
        } else {
            check(floor, sqlite3_bind_text(statement, index, va_arg(values, const char*), -1, SQLITE_STATIC));
        }
    }
    va_end(values);
    step(floor, statement);
}

static void close_floor(struct floor_database* database)
{
    struct sqlite_floor* floor = database->handle;
    for (int i = 0; i < floor_statement_count; ++i) {
        sqlite3_finalize(floor->statements[i]);
    }
    sqlite3_finalize(floor->begin);
    sqlite3_finalize(floor->commit);
    check(floor, sqlite3_close(floor->connection));
    free(floor);
    free(database);
}

struct floor_database* floor_open_sqlite(const char* path)
{
    struct sqlite_floor* floor = calloc(1, sizeof *floor);
    struct floor_database* database = calloc(1, sizeof *database);
    *database = (struct floor_database){floor, begin, run, commit, close_floor, 0};
    check(floor, sqlite3_open_v2(path, &floor->connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL));
    // As the program has them.
    check(floor, sqlite3_exec(floor->connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON; "
                              "PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4096", NULL, NULL, NULL));
    floor->begin = prepared(floor, "BEGIN IMMEDIATE");
    floor->commit = prepared(floor, "COMMIT");
    for (int i = 0; i < floor_statement_count; ++i) {
        floor->statements[i] = prepared(floor, floor_statements[i].sql);
    }
    return database;
}
