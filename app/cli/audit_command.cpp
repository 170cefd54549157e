// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/database_access.h"
#include "models/store/audit_chain.h"
#include "workflows/services/audit_anchor.h"

#include <QTextStream>

namespace counterfoil {

int runAuditHead(const QStringList& arguments)
{
    CommandLine line(QStringLiteral("counterfoilctl audit head"), QStringLiteral("Prints where the audit chain ends, as one line of JSON. Kept outside of the database, `counterfoilctl verify --anchor`\n"
                                                                                 "sees against it what was cut off or made anew."));
    line.addDatabaseOption();
    line.addOption("file", "FILE", QStringLiteral("Adds the line to this file (made with mode 0600) and prints nothing."));
    if (const auto end = line.read(arguments)) {
        return static_cast<int>(*end);
    }
    const QString notDone = QStringLiteral("no head was written");
    const auto access = openDatabase(line, AccessMode::Read, SystemClock());
    if (!access) {
        return unusable(line, access.error(), notDone);
    }
    const auto head = auditHead(*access->connection);
    if (!head) {
        return failed(line, head.error(), notDone);
    }
    if (!line.isSet("file")) {
        QTextStream(stdout) << QString::fromUtf8(anchorLine(*head));
        return static_cast<int>(ExitCode::Done);
    }
    const auto added = appendAnchor(line.value("file"), *head);
    return added ? static_cast<int>(ExitCode::Done) : failed(line, added.error(), notDone);
}

} // namespace counterfoil
