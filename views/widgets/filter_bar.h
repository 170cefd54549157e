// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/theme.h"

#include <QWidget>

#include <functional>

class QHBoxLayout;
class QLineEdit;
class QMenu;
class QTimer;

namespace counterfoil {

/// One condition of a filter as a chip: pressing it (or Delete while it has the focus) takes it out.
struct FilterChip {
    QString key;
    QString text;
    friend bool operator==(const FilterChip&, const FilterChip&) = default;
};

/// A search field, buttons that open filter menus, and the chips of what is set.
class FilterBar : public QWidget {
    Q_OBJECT
public:
    FilterBar(const Theme& theme, const QString& searchHint, QWidget* parent = nullptr);

    /// A button with a menu; the page fills the menu.
    QMenu* addMenu(const QString& title, Icon icon);
    /// A button that runs something, such as a dialog.
    void addButton(const QString& title, Icon icon, std::function<void()> run);
    void setChips(const QList<FilterChip>& chips);
    QList<FilterChip> chips() const { return m_shown; }
    QLineEdit* search() const { return m_search; }
    /// Shows a text that the page searches for already: nothing is announced, and what is typed with other spaces around it stays.
    void showSearch(const QString& text);

Q_SIGNALS:
    /// After a pause in typing, or at once with Enter.
    void searchChanged(const QString& text);
    void chipRemoved(const QString& key);
    void cleared();

private:
    const Theme& m_theme;
    QLineEdit* m_search;
    QHBoxLayout* m_buttons;
    QWidget* m_chipRow;
    QTimer* m_pause;
    QList<FilterChip> m_shown;
    QString m_announced;
};

} // namespace counterfoil
