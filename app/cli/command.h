// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include <span>

namespace counterfoil {

/// One subcommand. `words` is what is typed after the program's name: `init`, `import orders`.
struct Command {
    const char* words;
    const char* summary;
    /// `arguments` begins with the program's name and the words, as one. Returns how the program ends: 0, 1 or 2 (ExitCode).
    int (*run)(const QStringList& arguments);
};

int runInit(const QStringList& arguments);
int runMigrate(const QStringList& arguments);
int runDemo(const QStringList& arguments);
int runImportOrders(const QStringList& arguments);
int runOrderShow(const QStringList& arguments);
int runSimulate(const QStringList& arguments);
int runVerify(const QStringList& arguments);
int runExportJournal(const QStringList& arguments);
int runUserAdd(const QStringList& arguments);
int runUserRole(const QStringList& arguments);
int runUserPassword(const QStringList& arguments);
int runUserDisable(const QStringList& arguments);
int runUserEnable(const QStringList& arguments);
int runUserList(const QStringList& arguments);
int runAuditHead(const QStringList& arguments);
int runTokenAdd(const QStringList& arguments);

} // namespace counterfoil
