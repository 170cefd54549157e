// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/money.h"
#include "views/theme/theme.h"

#include <QAbstractButton>

namespace counterfoil {

class AmountLabel;

/// An amount that leads to why it is what it is: by click, Enter or Space.
class AmountButton : public QAbstractButton {
    Q_OBJECT
public:
    /// `caption` is what the amount is, for screen readers.
    AmountButton(const Theme& theme, const QString& caption, TextRole role, Qt::Alignment alignment, QWidget* parent = nullptr);

    void setAmount(const Money& amount);
    void clear();
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    const Theme& m_theme;
    const QString m_caption;
    AmountLabel* m_label;
};

} // namespace counterfoil
