// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/money.h"
#include "views/theme/theme.h"

#include <QWidget>

namespace counterfoil {

/// One amount in tabular figures with its currency in caption style; a dash while there is none.
class AmountLabel : public QWidget {
    Q_OBJECT
public:
    AmountLabel(const Theme& theme, TextRole role, Qt::Alignment alignment = Qt::AlignRight, QWidget* parent = nullptr);

    void setAmount(const Money& amount);
    void clear();
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    const Theme& m_theme;
    TextRole m_role;
    Qt::Alignment m_alignment;
    Money m_amount;
    bool m_known = false;
};

} // namespace counterfoil
