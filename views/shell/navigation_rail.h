// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/theme.h"

#include <QWidget>

class QAction;
class QVBoxLayout;

namespace counterfoil {

/// The pages, at the left edge: icon over word. Up and Down move, Enter opens.
class NavigationRail : public QWidget {
    Q_OBJECT
public:
    explicit NavigationRail(const Theme& theme, QWidget* parent = nullptr);

    /// Adds a page by the command that opens it; `key` names it for setCurrent.
    void addPage(const QString& key, QAction* open);
    void setCurrent(const QString& key);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    QVBoxLayout* m_layout;
};

} // namespace counterfoil
