// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/benchmarks/throughput/floor/floor_statements.h"

#include <libpq-fe.h>

#include <endian.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { values_max = 32, int8_oid = 20, text_oid = 25 };

static void check(PGconn* connection, PGresult* result)
{
    const ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        fprintf(stderr, "floor: %s\n", PQerrorMessage(connection));
        exit(1);
    }
    PQclear(result);
}

static void begin(struct floor_database* database)
{
    check(database->handle, PQexec(database->handle, "BEGIN"));
}

static void commit(struct floor_database* database)
{
    check(database->handle, PQexec(database->handle, "COMMIT"));
}

static void statement_name(char* name, int statement)
{
    snprintf(name, 16, "s%d", statement);
}

static void run(struct floor_database* database, int statement, ...)
{
    int64_t numbers[values_max];
    const char* pointers[values_max];
    int lengths[values_max];
    int formats[values_max];
    va_list values;
    va_start(values, statement);
    int count = 0;
    for (const char* type = floor_statements[statement].types; *type; ++type, ++count) {
        if (*type == 'i') {
            numbers[count] = (int64_t)htobe64((uint64_t)va_arg(values, int64_t));
            pointers[count] = (const char*)&numbers[count];
            lengths[count] = 8;
            formats[count] = 1;
        } else {
            pointers[count] = va_arg(values, const char*);
            lengths[count] = 0;
            formats[count] = 0;
        }
    }
    va_end(values);
    char name[16];
    statement_name(name, statement);
    check(database->handle, PQexecPrepared(database->handle, name, count, pointers, lengths, formats, 0));
}

static void close_floor(struct floor_database* database)
{
    PQfinish(database->handle);
    free(database);
}

struct floor_database* floor_open_postgresql(const char* conninfo)
{
    PGconn* connection = PQconnectdb(conninfo);
    if (PQstatus(connection) != CONNECTION_OK) {
        fprintf(stderr, "floor: %s\n", PQerrorMessage(connection));
        exit(1);
    }
    for (int i = 0; i < floor_statement_count; ++i) {
        Oid types[values_max];
        int count = 0;
        for (const char* type = floor_statements[i].types; *type; ++type) {
            types[count++] = *type == 'i' ? int8_oid : text_oid;
        }
        char name[16];
        statement_name(name, i);
        check(connection, PQprepare(connection, name, floor_statements[i].sql, count, types));
    }
    struct floor_database* database = calloc(1, sizeof *database);
    *database = (struct floor_database){connection, begin, run, commit, close_floor, 1};
    return database;
}
