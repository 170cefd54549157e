// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/common/command_line.h"
#include "models/base/text.h"

#include <QCoreApplication>
#include <QTextStream>

namespace counterfoil {

namespace {

constexpr Command commands[] = {
    {"init", "makes a database", runInit},
    {"migrate", "brings an older database up to date", runMigrate},
    {"demo", "runs the demonstration", runDemo},
    {"import orders", "takes orders from a CSV or NDJSON file", runImportOrders},
    {"order show", "shows one order", runOrderShow},
    {"simulate", "looks for mistakes of the core under faults", runSimulate},
    {"verify", "checks every invariant of the books", runVerify},
    {"export journal", "writes the ledger for hledger", runExportJournal},
    {"user add", "adds somebody who may work with the console", runUserAdd},
    {"user role", "gives somebody another role", runUserRole},
    {"user password", "gives somebody another password", runUserPassword},
    {"user disable", "keeps somebody from signing in", runUserDisable},
    {"user enable", "lets somebody sign in again", runUserEnable},
    {"user list", "lists who may work with the console", runUserList},
    {"audit head", "shows where the audit chain ends, to be kept as an anchor", runAuditHead},
    {"token add", "makes a token for the HTTP interface", runTokenAdd},
};

QStringList wordsOf(const Command& command)
{
    return QString::fromLatin1(command.words).split(u' ');
}

const Command* findCommand(const QStringList& given)
{
    const auto found = std::ranges::find_if(commands, [&given](const Command& command) {
        const QStringList words = wordsOf(command);
        return given.first(std::min(words.size(), given.size())) == words;
    });
    return found == std::end(commands) ? nullptr : found;
}

/// All commands, or those of a group.
QString usage(const QString& group)
{
    QString text = QStringLiteral("Usage: counterfoilctl %1 [options]\n\n").arg(group.isEmpty() ? QStringLiteral("COMMAND") : group + QStringLiteral(" COMMAND"));
    text += group.isEmpty() ? QStringLiteral("Sets up, fills, shows and checks a Counterfoil database.\n\n") : QString();
    for (const Command& command : commands) {
        if (group.isEmpty() || wordsOf(command).first() == group) {
            text += QStringLiteral("  %1 %2\n").arg(QString::fromLatin1(command.words).leftJustified(16), QString::fromLatin1(command.summary));
        }
    }
    return text + QStringLiteral("\n  -h, --help       shows this help; after a command, its options\n"
                                 "  -v, --version    shows the version\n\n"
                                 "Ends with 0 when it was done, 1 when it did not succeed, 2 when it could not begin.\n");
}

bool isGroup(const QString& word)
{
    return std::ranges::any_of(commands, [&word](const Command& command) { return wordsOf(command).size() > 1 && wordsOf(command).first() == word; });
}

/// What isn't a command: help and version at the top and of a group, and mistakes.
int answerAside(const QStringList& given)
{
    const QString group = !given.isEmpty() && isGroup(given.first()) ? given.first() : QString();
    const QString word = given.value(group.isEmpty() ? 0 : 1);
    if (word == u"--help" || word == u"-h" || (group.isEmpty() && word == u"help")) {
        QTextStream(stdout) << usage(group);
        return static_cast<int>(ExitCode::Done);
    }
    if (word == u"--version" || word == u"-v") {
        QTextStream(stdout) << "counterfoilctl " << COUNTERFOIL_VERSION << '\n';
        return static_cast<int>(ExitCode::Done);
    }
    const QString wrong = word.isEmpty() ? QStringLiteral("a command is missing") : QStringLiteral("there is no command '%1'").arg(visibleText(given.first(group.isEmpty() ? 1 : 2).join(u' '), 60));
    QTextStream(stderr) << complaintLine(QStringLiteral("counterfoilctl"), {wrong, QStringLiteral("nothing was done"), QStringLiteral("see `counterfoilctl %1--help`").arg(group.isEmpty() ? QString() : group + u' ')})
                        << '\n';
    return static_cast<int>(ExitCode::Unusable);
}

int dispatch(int argc, char** argv)
{
    QStringList given;
    for (int i = 1; i < argc; ++i) {
        given << QString::fromLocal8Bit(argv[i]);
    }
    const Command* const command = findCommand(given);
    // The program's name as the subcommands' help shows it comes from the application's first argument.
    QByteArray name = QByteArrayLiteral("counterfoilctl");
    if (command) {
        name += ' ' + QByteArray(command->words);
    }
    char* applicationArguments[] = {name.data(), nullptr};
    int count = 1;
    const QCoreApplication application(count, applicationArguments);
    QCoreApplication::setApplicationName(QStringLiteral("counterfoilctl"));
    QCoreApplication::setApplicationVersion(QStringLiteral(COUNTERFOIL_VERSION));
    return command ? command->run(QStringList{QString::fromLatin1(name)} + given.mid(wordsOf(*command).size())) : answerAside(given);
}

} // namespace

} // namespace counterfoil

int main(int argc, char** argv)
{
    return counterfoil::dispatch(argc, argv);
}
