// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/invariants.h"

#include "models/store/audit_check.h"
#include "models/store/invariant_queries.h"

#include <QThread>

#include <algorithm>
#include <array>

namespace counterfoil {

namespace {

std::array<std::span<const InvariantQuery>, 5> allQueries()
{
    return {ledgerInvariants(), orderInvariants(), processInvariants(), refundInvariants(), referenceInvariants()};
}

Result<InvariantOutcome> check(Connection& connection, const InvariantQuery& invariant, const QVariant& finalStates)
{
    InvariantOutcome outcome{QString::fromLatin1(invariant.name), QString::fromLatin1(invariant.promise), {}, 0};
    const QString sql = QString::fromLatin1(invariant.sql);
    const QVariantList values = sql.contains(QStringLiteral("{texts}")) ? QVariantList{finalStates} : QVariantList();
    CF_TRY(connection.query(sql, values, [&outcome](const Row& row) -> Result<void> {
        ++outcome.count;
        if (outcome.violations.size() < violationsShownMax) {
            outcome.violations.push_back({formatId(row.text(0).toLatin1().constData(), row.integer(1)), row.text(2)});
        }
        return {};
    }));
    return outcome;
}

QVariant listOf(Connection& connection, const std::vector<FinalState>& finalStates)
{
    QStringList ends;
    for (const FinalState& state : finalStates) {
        ends << QStringLiteral("%1/%2/%3").arg(state.workflow, QString::number(state.revision), state.state);
    }
    return connection.textList(ends);
}

Result<void> count(Connection& connection, const QString& sql, qint64& number)
{
    return connection.query(sql, {}, [&number](const Row& row) -> Result<void> {
        number = row.integer(0);
        return {};
    });
}

Result<void> summarise(Connection& connection, Verification& verification)
{
    CF_TRY(count(connection, QStringLiteral("SELECT count(*) FROM orders"), verification.orders));
    CF_TRY(count(connection, QStringLiteral("SELECT count(*) FROM account"), verification.accounts));
    CF_TRY(count(connection, QStringLiteral("SELECT count(*) FROM ledger_entry"), verification.entries));
    CF_TRY(count(connection, QStringLiteral("SELECT count(*) FROM posting"), verification.postings));
    const QString rounding = QStringLiteral("SELECT currency, count(*), CAST(sum(rounding_micros) AS bigint) FROM order_item "
                                            "WHERE rounding_micros <> 0 GROUP BY currency ORDER BY currency");
    return connection.query(rounding, {}, [&verification](const Row& row) -> Result<void> {
        CF_ASSIGN(const Currency currency, Currency::parse(row.text(0)));
        verification.rounding.push_back({currency, row.integer(1), row.integer(2)});
        return {};
    });
}

} // namespace

bool Verification::holds() const
{
    return std::ranges::all_of(outcomes, &InvariantOutcome::holds);
}

QStringList invariantNames()
{
    QStringList names;
    for (const auto queries : allQueries()) {
        for (const InvariantQuery& query : queries) {
            names << QString::fromLatin1(query.name);
        }
    }
    return names + auditInvariantNames();
}

Result<Verification> verifyInvariants(Connection& connection, const std::vector<FinalState>& finalStates, const std::vector<AuditHead>& anchors)
{
    const QVariant endList = listOf(connection, finalStates);
    Verification verification;
    CF_ASSIGN(DatabaseTransaction view, DatabaseTransaction::beginRead(connection));
    for (const auto queries : allQueries()) {
        for (const InvariantQuery& query : queries) {
            if (QThread::currentThread()->isInterruptionRequested()) {
                return fail(ErrorCode::Cancelled);
            }
            CF_ASSIGN(InvariantOutcome outcome, check(connection, query, endList));
            verification.outcomes.push_back(std::move(outcome));
        }
    }
    CF_TRY(checkAuditChain(connection, anchors, verification));
    CF_TRY(summarise(connection, verification));
    CF_TRY(view.commit());
    return verification;
}

Result<std::vector<InvariantOutcome>> brokenInvariants(Connection& connection, const QStringList& names, const std::vector<FinalState>& finalStates)
{
    const QVariant endList = listOf(connection, finalStates);
    std::vector<InvariantOutcome> broken;
    for (const auto queries : allQueries()) {
        for (const InvariantQuery& query : queries) {
            if (!names.contains(QLatin1String(query.name))) {
                continue;
            }
            CF_ASSIGN(InvariantOutcome outcome, check(connection, query, endList));
            if (!outcome.holds()) {
                broken.push_back(std::move(outcome));
            }
        }
    }
    return broken;
}

Result<BooksVersion> booksVersion(Connection& connection)
{
    BooksVersion version;
    const QString sql = QStringLiteral("SELECT (SELECT count(*) FROM posting) + (SELECT count(*) FROM hold_movement), (SELECT coalesce(sum(epoch), 0) FROM tcc_transaction)");
    CF_TRY(connection.query(sql, {}, [&version](const Row& row) -> Result<void> {
        version = {row.integer(0), row.integer(1)};
        return {};
    }));
    return version;
}

} // namespace counterfoil
