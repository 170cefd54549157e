// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/command_reads.h"
#include "views/widgets/page.h"

#include <QDialog>

class QLineEdit;
class QPushButton;

namespace counterfoil {

class ChangeTable;
class DataTable;
class PlainLabel;
class StateBadge;

/// One command: what it would change, what comes next, and what this person may do about it: file it, approve it, say no, take it back. It reads
/// by itself whenever something has changed.
class CommandDialog : public QDialog {
    Q_OBJECT
public:
    CommandDialog(const PageContext& context, CommandId command, QWidget* parent = nullptr);

    /// The worker has answered and everything is shown.
    bool isSettled() const { return m_settled; }
    const OperatorCommand& command() const { return m_view.command; }
    QPushButton* fileButton() const { return m_file; }
    QPushButton* approveButton() const { return m_approve; }
    QPushButton* rejectButton() const { return m_reject; }
    QPushButton* withdrawButton() const { return m_withdraw; }
    QLineEdit* note() const { return m_note; }

private:
    void build();
    void read();
    void show(const CommandView& view);
    void showButtons();
    template<class T>
    void take(const Result<T>& outcome);

    const PageContext m_context;
    const CommandId m_id;
    CommandView m_view;
    bool m_settled = false;
    bool m_reading = false;
    bool m_readAgain = false;
    ChangeTable* m_changes;
    PlainLabel* m_title;
    StateBadge* m_badge;
    PlainLabel* m_facts;
    PlainLabel* m_reason;
    PlainLabel* m_evidence;
    PlainLabel* m_next;
    PlainLabel* m_bookkeeping;
    PlainLabel* m_problem;
    DataTable* m_table;
    QLineEdit* m_note;
    QPushButton* m_file;
    QPushButton* m_approve;
    QPushButton* m_reject;
    QPushButton* m_withdraw;
    QPushButton* m_close;
};

} // namespace counterfoil
