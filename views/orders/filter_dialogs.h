// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/theme.h"

#include <QDate>
#include <QDialog>

class QDateEdit;
class QLineEdit;

namespace counterfoil {

/// Asks for two days, both included.
class DateRangeDialog : public QDialog {
    Q_OBJECT
public:
    explicit DateRangeDialog(const Theme& theme, QWidget* parent = nullptr);
    void setRange(const QDate& first, const QDate& last);
    /// The earlier of the two, whichever was entered first.
    QDate first() const;
    QDate last() const;

private:
    QDateEdit* m_from;
    QDateEdit* m_to;
};

/// Asks for a buyer: a name, e-mail or the shop's own reference.
class BuyerDialog : public QDialog {
    Q_OBJECT
public:
    explicit BuyerDialog(const Theme& theme, QWidget* parent = nullptr);
    void setBuyer(const QString& buyer);
    QString buyer() const;

private:
    QLineEdit* m_buyer;
};

} // namespace counterfoil
