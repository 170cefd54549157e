// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/audit_chain.h"

#include "models/store/process_tables.h"

#include <QCryptographicHash>
#include <QtEndian>

#include <array>

namespace counterfoil {

namespace {

/// The columns that audit_event has had from the beginning.
constexpr qsizetype columnsOfOld = 8;
constexpr qsizetype hashBytes = 32;

void addNumber(QByteArray& bytes, qint64 number)
{
    std::array<char, sizeof(number)> raw{};
    qToBigEndian(number, raw.data());
    bytes.append(raw.data(), raw.size());
}

void addText(QByteArray& bytes, QByteArrayView text)
{
    addNumber(bytes, text.size());
    bytes.append(text);
}

/// What is no hash counts as one that nothing has.
void addHash(QByteArray& bytes, const QString& hex)
{
    QByteArray hash = QByteArray::fromHex(hex.toLatin1());
    if (hash.size() != hashBytes) {
        hash.fill(hex.isEmpty() ? '\0' : '\xff', hashBytes);
    }
    bytes.append(hash);
}

/// Their names, as the row's bytes have them.
const QByteArrayList& columnNames()
{
    static const QByteArrayList names = [] {
        QByteArrayList list;
        for (const QString& column : tableText<AuditEvent>().columns) {
            list << column.toLatin1();
        }
        return list;
    }();
    return names;
}

} // namespace

QByteArray auditRowSha256(const Row& row, int from)
{
    QByteArray bytes;
    bytes.reserve(512);
    addText(bytes, "counterfoil audit row 1");
    const QByteArrayList& names = columnNames();
    for (qsizetype i = 0; i < names.size(); ++i) {
        const QByteArrayView value = row.bytes(from + static_cast<int>(i));
        if (i < columnsOfOld || !value.isEmpty()) {
            addText(bytes, names[i]);
            addText(bytes, value);
        }
    }
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

QString chainSha256(const QString& before, const AuditSeal& seal)
{
    QByteArray bytes;
    bytes.reserve(128);
    addText(bytes, "counterfoil audit chain 1");
    addHash(bytes, before);
    addHash(bytes, seal.rowSha256);
    addNumber(bytes, seal.position);
    addNumber(bytes, seal.event.value());
    addNumber(bytes, seal.sealedAt.micros());
    return QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
}

Result<AuditHead> auditHead(Connection& connection)
{
    AuditHead head;
    StatementBatch batch(connection);
    batch.query(QStringLiteral("SELECT position, chain_sha256, sealed_at FROM audit_seal ORDER BY position DESC LIMIT 1"), {}, [&head](const Row& row) -> Result<void> {
        head.position = row.integer(0);
        head.chainSha256 = row.text(1);
        head.sealedAt = row.time(2);
        return {};
    });
    batch.query(QStringLiteral("SELECT value FROM setting WHERE name = 'environment'"), {}, [&head](const Row& row) -> Result<void> {
        head.environment = row.text(0);
        return {};
    });
    CF_TRY(batch.finish());
    return head;
}

} // namespace counterfoil
