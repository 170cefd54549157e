// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/command_reads.h"
#include "models/tables/value_table.h"

namespace counterfoil {

/// One thing that a command changes, in words.
struct ChangeLine {
    QString what;
    /// Words, or amounts if there are any.
    QString before;
    QString after;
    std::optional<Money> amountBefore = std::nullopt;
    std::optional<Money> amountAfter = std::nullopt;
    /// What is added.
    std::optional<Money> difference = std::nullopt;
};

/// What a command changes: money first, then states, then what will be sent. What only keeps the books of the program is counted, not listed.
struct ChangeWords {
    std::vector<ChangeLine> lines;
    int bookkeeping = 0;
};

ChangeWords wordsOf(const CommandView& view);

/// A command and its amount in words: "Refund 5.00 USD".
QString commandWords(const OperatorCommand& command);
/// What comes next for a command, and of whom.
QString nextStepWords(const CommandView& view);

/// The lines as a table.
class ChangeTable : public ValueTable<ChangeLine> {
    Q_OBJECT

public:
    explicit ChangeTable(QObject* parent = nullptr);

protected:
    Cell cellOf(const ChangeLine& line, int column) const override;
    RowIdentity identityOf(const ChangeLine& line) const override;
};

} // namespace counterfoil
