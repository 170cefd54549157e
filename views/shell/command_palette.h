// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/search_reads.h"
#include "views/shell/command_registry.h"
#include "views/widgets/page.h"

#include <QFrame>
#include <QPointer>

class QLineEdit;
class QListView;
class QTimer;

namespace counterfoil {

class PaletteEntries;
class PlainLabel;

/// One field for everything (Ctrl+K): pages, actions, and any id, order number, name, amount or reference of the database. Commands
/// are found at once; the database answers behind, and a late answer to an older text is dropped.
class CommandPalette : public QFrame {
    Q_OBJECT
public:
    CommandPalette(const PageContext& context, const CommandRegistry& commands, QWidget* window);
    ~CommandPalette() override;

    /// Shows it over the window with an empty field and the keyboard in it.
    void open();
    QLineEdit* field() const { return m_field; }
    int resultCount() const;
    bool isSettled() const;

Q_SIGNALS:
    void closed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void handleTextChanged();
    void search();
    void activate(int row);
    void dismiss();
    void place();

    const PageContext m_context;
    const CommandRegistry& m_commands;
    QLineEdit* m_field;
    QListView* m_list;
    PaletteEntries* m_entries;
    PlainLabel* m_nothing;
    QTimer* m_pause;
    /// What had the keyboard before, and gets it back.
    QPointer<QWidget> m_before;
    quint64 m_token = 0;
    bool m_searching = false;
};

} // namespace counterfoil
