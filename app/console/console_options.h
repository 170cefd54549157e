// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/database_url.h"
#include "views/theme/theme.h"

#include <QStringList>
#include <QUrl>

#include <optional>

namespace counterfoil {

/// What the command line (and the environment) asks of the console.
struct ConsoleOptions {
    DatabaseUrl database;
    /// No database was named: the program brings its own worker for the database above.
    bool embedded = false;
    bool demo = false;
    /// Where the demo keeps its data.
    QString demoDirectory;
    /// Take pictures of everything into this directory and end.
    QString tourDirectory;
    std::optional<ThemeMode> theme;
    /// The gateway to look payments up at, and the file with a key for it; empty: no looking.
    QUrl gatewayUrl;
    QString gatewayKeyFile;
    /// Print this and end.
    QString printAndQuit;

    /// Reads the arguments (the first is the program). Errors: ConfigurationInvalid, saying what is wrong.
    static Result<ConsoleOptions> parse(const QStringList& arguments);
};

} // namespace counterfoil
