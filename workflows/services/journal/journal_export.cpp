// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/services/journal/journal_export.h"

#include <QIODevice>

#include <array>
#include <set>
#include <unordered_map>

namespace counterfoil {

namespace {

/// The characters that mean something to hledger somewhere in a posting or description, and our own escape.
constexpr QStringView specialCharacters = u"%:;()[]{}|\"=@*!";

bool isPlain(QChar c)
{
    if (c == u' ') {
        return true;
    }
    // Surrogates are halves of letters beyond the first plane.
    return c.isSurrogate() || (!specialCharacters.contains(c) && c.isPrint() && !c.isSpace());
}

QString escaped(QChar c)
{
    QString text;
    for (const char byte : QString(c).toUtf8()) {
        text += QStringLiteral("%%1").arg(static_cast<uint>(static_cast<unsigned char>(byte)), 2, 16, QLatin1Char('0')).toUpper();
    }
    return text;
}

class JournalWriter {
public:
    explicit JournalWriter(QIODevice& output) : m_output(output) {}

    Result<void> line(const QString& text)
    {
        const QByteArray bytes = text.toUtf8() + '\n';
        if (m_output.write(bytes) != bytes.size()) {
            return fail(ErrorCode::FileNotWritable, QStringLiteral("the journal: %1").arg(m_output.errorString()));
        }
        return {};
    }

private:
    QIODevice& m_output;
};

using AccountNames = std::unordered_map<AccountId, std::array<QString, 2>>;

Result<AccountNames> writeHead(JournalWriter& writer, const std::vector<JournalAccount>& accounts)
{
    std::set<Currency> currencies;
    std::set<QString> declared;
    AccountNames names;
    for (const JournalAccount& account : accounts) {
        currencies.insert(account.account.currency);
        names[account.account.id] = {journalAccountName(account, Bucket::Available), journalAccountName(account, Bucket::Frozen)};
        declared.insert(names[account.account.id].begin(), names[account.account.id].end());
    }
    CF_TRY(writer.line(QStringLiteral("; The ledger of counterfoil. A positive amount is owed to the account's owner.")));
    CF_TRY(writer.line(QStringLiteral("decimal-mark .")));
    for (const Currency& currency : currencies) {
        // hledger wants a decimal mark here also where there are no decimals.
        QString sample = QStringLiteral("1000.");
        sample += QString(currency.minorDigits(), u'0');
        CF_TRY(writer.line(QStringLiteral("commodity %1 %2").arg(sample, currency.code())));
    }
    for (const QString& name : declared) {
        CF_TRY(writer.line(QStringLiteral("account ") + name));
    }
    return names;
}

Result<void> writeEntry(JournalWriter& writer, const AccountNames& names, const JournalEntry& entry)
{
    const QString date = entry.entry.createdAt.toIso().left(10);
    const QString description = QStringList{toString(entry.entry.kind), journalComponent(entry.orderNo)}.join(u' ');
    CF_TRY(writer.line(QString()));
    CF_TRY(writer.line(QStringLiteral("%1 * (%2) ").arg(date, entry.entry.id.toText()) + (entry.orderNo.isEmpty() ? toString(entry.entry.kind) : description)));
    for (const Posting& posting : entry.postings) {
        const auto known = names.find(posting.account);
        if (known == names.end()) {
            return fail(ErrorCode::Integrity, QStringLiteral("%1 has a posting to an account that doesn't exist").arg(entry.entry.id.toText()));
        }
        const QString& name = known->second[posting.bucket == Bucket::Available ? 0 : 1];
        CF_TRY(writer.line(QStringLiteral("    ") + name + QStringLiteral("  ") + posting.amount.toText()));
    }
    return {};
}

} // namespace

QString journalComponent(const QString& text)
{
    if (text.isEmpty()) {
        // Nothing else is written so: a percent sign is escaped itself.
        return QStringLiteral("%");
    }
    QString component;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        const bool isOddSpace = c == u' ' && (i == 0 || i + 1 == text.size() || text[i - 1] == u' ');
        component += isPlain(c) && !isOddSpace ? QString(c) : escaped(c);
    }
    return component;
}

QString journalAccountName(const JournalAccount& account, Bucket bucket)
{
    QString name;
    switch (account.account.ownerKind) {
    case OwnerKind::System:
        name = QStringLiteral("system:") + toString(account.account.kind);
        break;
    case OwnerKind::Customer:
        name = toString(account.account.kind) + u':' + journalComponent(account.ownerRef);
        break;
    case OwnerKind::Merchant:
        name = toString(account.account.kind) + u':' + journalComponent(account.ownerName) + QStringLiteral(" (") + journalComponent(account.ownerRef) + u')';
        break;
    }
    return name + u':' + toString(bucket);
}

Result<JournalSummary> exportJournal(Connection& connection, QIODevice& output)
{
    CF_ASSIGN(DatabaseTransaction view, DatabaseTransaction::beginRead(connection));
    CF_ASSIGN(const std::vector<JournalAccount> accounts, journalAccounts(connection));
    JournalWriter writer(output);
    CF_ASSIGN(const AccountNames names, writeHead(writer, accounts));
    JournalSummary summary{static_cast<qint64>(accounts.size()), 0, 0};
    CF_TRY(forEachJournalEntry(connection, [&](const JournalEntry& entry) -> Result<void> {
        ++summary.entries;
        summary.postings += static_cast<qint64>(entry.postings.size());
        return writeEntry(writer, names, entry);
    }));
    CF_TRY(view.commit());
    return summary;
}

} // namespace counterfoil
