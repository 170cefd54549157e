// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/database_access.h"
#include "models/base/text.h"
#include "models/store/administration.h"

#include <QRandomGenerator>
#include <QTextStream>

#include <array>

namespace counterfoil {

namespace {

constexpr int labelLengthMax = 64;
const QString ordersScope = QStringLiteral("orders");

/// 256 bits from the system, recognisable in a leak by its beginning.
QByteArray makeToken()
{
    std::array<quint32, 8> words{};
    QRandomGenerator::system()->fillRange(words.data(), static_cast<qsizetype>(words.size()));
    const QByteArray bytes(reinterpret_cast<const char*>(words.data()), sizeof(words));
    return "cftok_" + bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

} // namespace

int runTokenAdd(const QStringList& arguments)
{
    CommandLine line(QStringLiteral("counterfoilctl token add"), QStringLiteral("Makes a token for the HTTP interface that may place and read orders, and prints it once: only its\n"
                                                                                "SHA-256 is stored."));
    line.addDatabaseOption();
    line.parser().addPositionalArgument(QStringLiteral("LABEL"), QStringLiteral("Whose token it is; it stands in the audit trail."));
    if (const auto end = line.read(arguments, true)) {
        return static_cast<int>(*end);
    }
    const QString notDone = QStringLiteral("no token was made");
    const QStringList given = line.parser().positionalArguments();
    if (given.size() != 1) {
        return misused(line, QStringLiteral("one LABEL is needed"));
    }
    const auto label = parseLine(given.first(), labelLengthMax, "LABEL");
    if (!label) {
        return misused(line, label.error().detail);
    }
    const SystemClock clock;
    const auto access = openDatabase(line, AccessMode::WriteBesideWorker, clock);
    if (!access) {
        return unusable(line, access.error(), notDone);
    }
    IdSource ids(clock, cliNode);
    const QByteArray token = makeToken();
    const auto stored = addApiToken(*access->connection, ids.next<ApiTokenId>(), sha256Hex(token), *label, ordersScope, clock.now());
    if (!stored) {
        return failed(line, stored.error(), notDone);
    }
    QTextStream(stdout) << QString::fromLatin1(token) << '\n';
    QTextStream(stderr) << "This is the only time the token is shown. Its label: " << *label << '\n';
    return static_cast<int>(ExitCode::Done);
}

} // namespace counterfoil
