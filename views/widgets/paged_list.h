// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/tables/paged_table_model.h"
#include "views/widgets/card.h"

#include <functional>

namespace counterfoil {

class DataTable;

/// What an empty list says: why it is empty and, if there is one, the button that helps.
struct EmptyWords {
    Icon icon = Icon::Info;
    QString title;
    QString text;
    QString action;
};

/// A paged list as a page shows it: the table on a card, with its states of being empty or failed, and one chosen row. What is chosen stays so
/// while rows come and go; a row that leaves the list stays chosen too, though nothing is marked then.
class PagedList : public SectionCard {
    Q_OBJECT
public:
    /// `emptyWords` is asked each time that the list is found empty. See DataTable::setColumns for the widths.
    PagedList(const Theme& theme, const QString& name, PagedTableModel* model, std::function<EmptyWords()> emptyWords, QWidget* parent = nullptr);
    void setWidths(const QList<int>& widths);

    /// The model has got another list and begins at the top.
    void begin();
    /// Reads again what is visible, if it has begun.
    void refresh();
    bool isSettled() const;
    DataTable* table() const { return m_table; }
    /// The id of the chosen row; 0 for none.
    qint64 chosen() const { return m_chosen; }
    /// How many rows there are, in words: `1,234` or `1,000+`.
    QString countText() const;

Q_SIGNALS:
    void countChanged();
    /// Another row was chosen, by a person or because a list begins with it; 0 when it begins with none.
    void chosenChanged(qint64 id);
    /// The button of the empty state was pressed while nothing had failed.
    void emptyActionTriggered();

private:
    void connectModel();
    void choose(qint64 id);
    void handleCurrent();
    void showEmptiness();
    void showFailure(const Error& error);
    void restoreLater();
    void restoreChosen();

    PagedTableModel* m_model;
    DataTable* m_table;
    std::function<EmptyWords()> m_emptyWords;
    qint64 m_chosen = 0;
    bool m_begun = false;
    bool m_shown = false;
    bool m_failed = false;
    bool m_removing = false;
    bool m_restoring = false;
};

} // namespace counterfoil
