// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/widgets/page.h"

namespace counterfoil {

class CommandsTable;
class DataTable;
class PlainLabel;
class SectionCard;

/// What waits for this person's approval, and what this person asked for. Enter opens a command.
class ApprovalsPage : public Page {
    Q_OBJECT
public:
    explicit ApprovalsPage(const PageContext& context, QWidget* parent = nullptr);

    void refresh() override;
    bool isSettled() const override { return m_loaded && m_reading == 0; }
    QWidget* firstFocus() override;
    DataTable* waiting() const { return m_waiting; }
    DataTable* mine() const { return m_mine; }

private:
    DataTable* addTable(CommandsTable* model, SectionCard* card);
    void open(CommandsTable* model, int row);

    CommandsTable* m_waitingModel;
    CommandsTable* m_mineModel;
    SectionCard* m_waitingCard;
    SectionCard* m_mineCard;
    DataTable* m_waiting;
    DataTable* m_mine;
    PlainLabel* m_count;
    int m_reading = 0;
    bool m_loaded = false;
};

} // namespace counterfoil
