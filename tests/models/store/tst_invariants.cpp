// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/invariants.h"
#include "tests/models/store/audit_trail.h"
#include "tests/models/store/sound_database.h"
#include "tests/support/expect.h"

using namespace counterfoil;

namespace {

const std::vector<FinalState> finalStates{{QStringLiteral("order"), 1, QStringLiteral("completed")}, {QStringLiteral("order"), 1, QStringLiteral("cancelled")}};

/// The schema's own checks and triggers stop many corruptions; a damaged file, a restored backup or the owner doesn't ask them.
Result<void> liftChecks(Connection& connection)
{
    AuditTrail(connection).liftTriggers();
    if (connection.kind() == DatabaseKind::Sqlite) {
        return connection.executeScript(QStringLiteral("PRAGMA ignore_check_constraints=ON"));
    }
    return connection.executeScript(QStringLiteral(
        "DO $$ DECLARE c record; BEGIN FOR c IN SELECT conrelid::regclass AS name, conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace "
        "LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.name, c.conname); END LOOP; END $$"));
}

struct Corruption {
    /// The invariants that must report it, and no other may.
    const char* broken;
    const char* sql;
    /// An id that must be named; empty for any.
    const char* prefix;
    qint64 id;
};

constexpr Corruption corruptions[] = {
    {"entry_balanced account_balance running_balance",
     "INSERT INTO posting (entry_id, line, account_id, bucket, currency, amount, balance_after) VALUES (1, 3, 4, 'available', 'USD', 5, -4495)", "ent", 1},
    {"entry_complete", "INSERT INTO ledger_entry (id, idempotency_key, kind, created_at) VALUES (9, 'k9', 'adjustment', 1)", "ent", 9},
    {"currency_agrees", "UPDATE hold SET currency = 'EUR' WHERE id = 2", "hold", 2},
    {"account_balance running_balance", "UPDATE account SET available = available + 1 WHERE id = 4", "acc", 4},
    {"running_balance",
     "INSERT INTO posting (entry_id, line, account_id, bucket, currency, amount, balance_after) VALUES (1, 3, 4, 'available', 'USD', 5, 77), (1, 4, 4, 'available', 'USD', -5, -4500)", "acc", 4},
    {"frozen_is_held account_balance running_balance", "UPDATE account SET frozen = 6422 WHERE id = 2", "acc", 2},
    {"owner_not_negative account_balance running_balance", "UPDATE account SET available = -1 WHERE id = 1", "acc", 1},
    {"hold_consumed frozen_is_held", "UPDATE hold SET remaining = 6323 WHERE id = 2", "hold", 2},
    {"hold_consumed final_order_settled", "UPDATE hold SET state = 'open' WHERE id = 1", "hold", 1},
    {"billed_total", "UPDATE account SET billed = billed + 1 WHERE id = 2", "acc", 2},
    {"billed_total", "UPDATE account SET billed = 3599 WHERE id = 1", "acc", 1},
    {"order_amounts order_items_sum", "UPDATE orders SET goods = 9999 WHERE id = 2", "ord", 2},
    {"order_items_sum sub_order_items_sum", "UPDATE order_item SET amount = 9999 WHERE id = 1", "ord", 1},
    {"sub_orders_sum sub_order_items_sum transaction_divides details_match_sub_orders", "UPDATE sub_order SET platform_discount = 499 WHERE id = 1", "ord", 1},
    {"sub_order_items_sum order_items_sum", "UPDATE order_item SET shipping = 501 WHERE id = 2", "sub", 2},
    {"detail_net", "UPDATE transaction_detail SET net = net - 1 WHERE transaction_id = 2", "txn", 2},
    {"transaction_divides", "UPDATE payment_transaction SET amount = amount + 1 WHERE id = 2", "txn", 2},
    {"details_match_sub_orders", "UPDATE sub_order SET commission = 476 WHERE id = 1", "sub", 1},
    {"order_paid", "UPDATE orders SET paid = 8999 WHERE id = 1", "ord", 1},
    {"paid_once order_paid transaction_divides",
     "INSERT INTO payment_transaction SELECT 3, kind, order_id, account_id, currency, amount, wallet_part, gateway_part, status, gateway_ref, payment_method, card_brand, card_last4, decline_code, created_at, finished_at, row_version FROM payment_transaction WHERE id = 1", "ord", 1},
    {"payment_booked_once entry_complete",
     "INSERT INTO ledger_entry (id, idempotency_key, kind, order_id, created_at) VALUES (9, 'k9', 'payment', 1, 1)", "ord", 1},
    {"payment_booked_once entry_complete",
     "INSERT INTO ledger_entry (id, idempotency_key, kind, order_id, created_at) VALUES (9, 'k9', 'payment', 2, 1)", "txn", 2},
    {"payment_booked settlement_held tcc_branches_follow tcc_fences_follow order_paid",
     "UPDATE payment_transaction SET status = 'succeeded' WHERE id = 2; UPDATE tcc_transaction SET decision = 'confirmed' WHERE gid = 2", "txn", 2},
    {"refund_bounds", "UPDATE orders SET refunded = 9001 WHERE id = 1", "ord", 1},
    {"refund_bounds refund_divides refund_within_funds refund_follows_tcc",
     "INSERT INTO payment_transaction SELECT 3, 'refund', order_id, account_id, currency, 9001, 0, 9001, 'unknown', '', '', '', '', '', created_at, finished_at, row_version FROM payment_transaction WHERE id = 1", "ord", 1},
    {"detail_net refund_within_detail", "UPDATE transaction_detail SET refunded = gross + 1 WHERE transaction_id = 1", "txn", 1},
    {"settlement_held", "UPDATE hold SET reason = 'manual' WHERE id = 2", "ord", 1},
    {"refund_divides", "UPDATE transaction_detail SET platform_discount = platform_discount - 1 WHERE transaction_id = 11", "txn", 11},
    {"refund_within_detail", "UPDATE transaction_detail SET refunded = 949 WHERE transaction_id = 1", "txn", 1},
    {"refund_within_funds", "UPDATE payment_transaction SET wallet_part = wallet_part + 4000, gateway_part = gateway_part - 4000 WHERE id = 11", "txn", 1},
    {"refund_held", "UPDATE hold SET transaction_id = 10 WHERE id = 5", "txn", 11},
    {"refund_hold_owned", "UPDATE hold SET transaction_id = 1 WHERE id = 4", "hold", 4},
    {"refund_booked",
     "INSERT INTO ledger_entry (id, idempotency_key, kind, order_id, transaction_id, created_at) VALUES (9, 'k9', 'refund', 1, 11, 1); "
     "INSERT INTO posting (entry_id, line, account_id, bucket, currency, amount, balance_after) VALUES (9, 1, 4, 'available', 'USD', 5, -4495), (9, 2, 4, 'available', 'USD', -5, -4500)", "txn", 11},
    {"refund_follows_tcc refund_held", "UPDATE payment_transaction SET status = 'cancelled' WHERE id = 11", "txn", 11},
    {"refund_not_stuck", "UPDATE job SET state = 'done' WHERE id = 2", "txn", 11},
    {"refund_items", "UPDATE refund_item SET quantity = 3", "item", 1},
    {"refund_references", "UPDATE refund_item SET item_id = 77", "item", 77},
    {"refund_references", "UPDATE refund_item SET transaction_id = 1", "txn", 1},
    {"billed_total", "UPDATE hold SET release_at = NULL WHERE id = 3", "acc", 2},
    {"stock_frozen", "UPDATE stock SET frozen = 3", "stk", 1},
    {"stock_frozen", "UPDATE stock SET on_hand = 1", "stk", 1},
    {"coupon_used", "UPDATE coupon SET used = 2", "cpn", 1},
    {"tcc_one_outcome tcc_branches_follow", "UPDATE tcc_branch SET phase = 'cancelled' WHERE gid = 1 AND n = 1", "tcc", 1},
    {"tcc_branches_follow", "UPDATE tcc_branch SET phase = 'tried' WHERE gid = 1 AND n = 1", "tcc", 1},
    {"tcc_fences_follow", "UPDATE tcc_fence SET state = 'cancelled' WHERE gid = 1 AND n = 1", "tcc", 1},
    {"tcc_fences_follow", "DELETE FROM tcc_fence WHERE gid = 1 AND n = 1", "tcc", 1},
    {"final_order_settled order_state_recorded", "UPDATE orders SET state = 'cancelled' WHERE id = 2", "ord", 2},
    {"order_not_stuck refund_not_stuck", "UPDATE job SET state = 'done'", "ord", 2},
    {"order_not_stuck", "UPDATE job SET payload = '6 timeout.payment'", "ord", 2},
    {"order_not_stuck refund_not_stuck", "UPDATE job SET kind = 'settlement_release'", "ord", 2},
    {"order_state_recorded", "UPDATE orders SET state_since = state_since + 1 WHERE id = 1", "ord", 1},
    {"exchange_recorded",
     "INSERT INTO gateway_exchange SELECT 2, order_id, transaction_id, operation, 'k2', state, attempt, http_status, currency, amount, gateway_ref, error_code, created_at, sent_at, answered_at FROM gateway_exchange", "exch", 2},
    {"order_audited", "UPDATE orders SET order_no = 'another' WHERE id = 1", "ord", 1},
    {"audit_chain", "UPDATE audit_event SET actor = 'somebody' WHERE id = 2", "aud", 2},
    {"audit_chain", "UPDATE audit_seal SET sealed_at = sealed_at + 1 WHERE position = 1", "aud", 1},
    {"audit_sealed",
     "INSERT INTO audit_event (id, at, actor, action, subject, before_text, after_text, reason) VALUES (9, 1, '', '', '', '', '', ''); "
     "INSERT INTO worker_heartbeat (worker, node, started_at, beat_at, callback_url) VALUES ('w', 1, 1, 1714571999000000, '')", "aud", 9},
    {"ledger_references",
     "INSERT INTO hold_movement (id, hold_id, movement_key, kind, currency, amount, at) VALUES (9, 77, 'm9', 'capture', 'USD', 1, 1)", "hmv", 9},
    {"ledger_references", "UPDATE account SET owner_id = 8 WHERE id = 2", "acc", 2},
    {"order_references",
     "INSERT INTO order_event (id, order_id, event_key, event, from_state, to_state, outcome, actor, cause, at) VALUES (9, 77, 'k', '', '', '', 'applied', '', '', 1)", "oev", 9},
    {"order_references", "UPDATE stock_reservation SET item_id = 77 WHERE id = 1", "rsv", 1},
    {"process_references", "INSERT INTO tcc_fence (gid, n, state, args_sha256, try_deadline) VALUES (1, 9, 'confirmed', '', 1)", "tcc", 1},
    {"process_references", "UPDATE gateway_exchange SET transaction_id = 77", "exch", 1},
};

QStringList brokenOf(const Verification& verification)
{
    QStringList names;
    for (const InvariantOutcome& outcome : verification.outcomes) {
        if (!outcome.holds()) {
            names << outcome.name;
        }
    }
    return names;
}

QString reported(const Verification& verification)
{
    QString text;
    for (const InvariantOutcome& outcome : verification.outcomes) {
        for (const Violation& violation : outcome.violations) {
            text += QStringLiteral("%1 %2 %3\n").arg(outcome.name, violation.id, violation.detail);
        }
    }
    return text;
}

} // namespace

class TestInvariants : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void aSoundDatabaseHoldsThemAll_data() { TestDatabase::addKindRows(); }
    void aSoundDatabaseHoldsThemAll()
    {
        QFETCH(DatabaseKind, kind);
        const auto database = soundDatabase(kind);
        const auto verification = verifyInvariants(database->reader(), finalStates);
        CF_VERIFY_OK(verification);
        QCOMPARE(reported(*verification), QString());
        QVERIFY(verification->holds());
        QCOMPARE(verification->outcomes.size(), static_cast<std::size_t>(invariantNames().size()));
        QCOMPARE(verification->orders, 2);
        QCOMPARE(verification->postings, 18);
        QCOMPARE(verification->rounding.size(), 1U);
        QCOMPARE(verification->rounding.front().micros, 500'000);
    }

    void anEmptyDatabaseHoldsThemAll_data() { TestDatabase::addKindRows(); }
    void anEmptyDatabaseHoldsThemAll()
    {
        QFETCH(DatabaseKind, kind);
        const auto verification = verifyInvariants(TestDatabase::create(kind)->reader(), {});
        CF_VERIFY_OK(verification);
        QCOMPARE(reported(*verification), QString());
    }

    void everyCorruptionIsFoundUnderItsNames_data()
    {
        QTest::addColumn<DatabaseKind>("kind");
        QTest::addColumn<int>("number");
        for (const DatabaseKind kind : TestDatabase::kinds()) {
            for (int i = 0; i < static_cast<int>(std::size(corruptions)); ++i) {
                QTest::addRow("%s %d %s", kind == DatabaseKind::Sqlite ? "sqlite" : "postgresql", i, corruptions[i].broken) << kind << i;
            }
        }
    }
    void everyCorruptionIsFoundUnderItsNames()
    {
        QFETCH(DatabaseKind, kind);
        QFETCH(int, number);
        const Corruption& corruption = corruptions[number];
        const auto database = soundDatabase(kind);
        CF_VERIFY_OK(liftChecks(database->writer()));
        for (const QString& statement : QString::fromLatin1(corruption.sql).split(u';')) {
            const auto planted = database->writer().execute(statement);
            CF_VERIFY_OK(planted);
            QVERIFY(*planted > 0);
        }
        const auto verification = verifyInvariants(database->reader(), finalStates);
        CF_VERIFY_OK(verification);
        QStringList expected = QString::fromLatin1(corruption.broken).split(u' ');
        const QString first = expected.front();
        QStringList broken = brokenOf(*verification);
        expected.sort();
        broken.sort();
        QVERIFY2(broken == expected, qPrintable(QStringLiteral("expected %1; found\n%2").arg(expected.join(u' '), reported(*verification))));
        const QString line = first + u' ' + formatId(corruption.prefix, corruption.id) + u' ';
        QVERIFY2(reported(*verification).contains(line), qPrintable(reported(*verification)));
    }

    void everyInvariantHasACorruption()
    {
        QSet<QString> covered;
        for (const Corruption& corruption : corruptions) {
            covered.insert(QString::fromLatin1(corruption.broken).section(u' ', 0, 0));
        }
        for (const QString& name : invariantNames()) {
            QVERIFY2(covered.contains(name), qPrintable(name));
        }
    }

    void manyViolationsAreCountedAndTheFirstShown_data() { TestDatabase::addKindRows(); }
    void manyViolationsAreCountedAndTheFirstShown()
    {
        QFETCH(DatabaseKind, kind);
        const auto database = TestDatabase::create(kind);
        RowMaker books(database->writer());
        for (int i = 1; i <= 30; ++i) {
            LedgerEntry entry;
            entry.id = LedgerEntryId(i);
            entry.idempotencyKey = QString::number(i);
            entry.createdAt = sampleTime;
            books.add(entry);
        }
        const auto verification = verifyInvariants(database->reader(), {});
        CF_VERIFY_OK(verification);
        const auto outcome = std::ranges::find(verification->outcomes, QStringLiteral("entry_complete"), &InvariantOutcome::name);
        QCOMPARE(outcome->count, 30);
        QCOMPARE(outcome->violations.size(), violationsShownMax);
        QCOMPARE(outcome->violations.front().id, LedgerEntryId(1).toText());
        QCOMPARE(outcome->violations.front().detail, QStringLiteral("postings: 0"));
    }

    void postingsInAnyOrderAreSound_data() { TestDatabase::addKindRows(); }
    void postingsInAnyOrderAreSound()
    {
        QFETCH(DatabaseKind, kind);
        const auto database = soundDatabase(kind);
        RowMaker books(database->writer());
        // Two workers: the entry with the smaller id was made second.
        using enum Bucket;
        books.add(sampleAccount(20, AccountRef::system(AccountKind::Suspense, Currency()), 30, 0));
        books.add(sampleAccount(21, AccountRef::system(AccountKind::Rounding, Currency()), -30, 0));
        books.entry(20, EntryKind::Adjustment, {}, {posting(20, Available, 20, 30), posting(21, Available, -20, -30)});
        books.entry(21, EntryKind::Adjustment, {}, {posting(20, Available, 10, 10), posting(21, Available, -10, -10)});
        const auto verification = verifyInvariants(database->reader(), finalStates);
        CF_VERIFY_OK(verification);
        QCOMPARE(reported(*verification), QString());
    }
};

QTEST_GUILESS_MAIN(TestInvariants)
#include "tst_invariants.moc"
