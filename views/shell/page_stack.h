// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/widgets/page.h"

#include <QStackedWidget>

namespace counterfoil {

/// Where one may be: a page and what it shows.
struct Location {
    /// `overview`, `interventions`, `case`, `approvals`, `orders`, `order`, `accounts`, `account`.
    QString page;
    /// The id of the order, account or case; 0 for lists.
    qint64 subject = 0;
    friend bool operator==(const Location&, const Location&) = default;
};

/// The pages, each built when it is first shown, and the way one came.
class PageStack : public QStackedWidget {
    Q_OBJECT
public:
    static constexpr int historyMax = 100;

    explicit PageStack(const PageContext& context, QWidget* parent = nullptr);

    void go(const Location& location);
    void back();
    void forward();
    bool canGoBack() const { return m_at > 0; }
    bool canGoForward() const { return m_at + 1 < m_history.size(); }
    const Location& location() const { return m_at < 0 ? m_nowhere : m_history[m_at]; }

    /// Built if it wasn't.
    Page* page(const QString& name);
    /// Null before the first go().
    Page* currentPage() const;
    int builtPages() const { return static_cast<int>(m_pages.size()); }

Q_SIGNALS:
    void locationChanged(const counterfoil::Location& location);
    void titleChanged(const QString& title);

private:
    void show(const Location& location);
    Page* build(const QString& name);

    const PageContext m_context;
    QHash<QString, Page*> m_pages;
    QList<Location> m_history;
    qsizetype m_at = -1;
    const Location m_nowhere;
};

} // namespace counterfoil
