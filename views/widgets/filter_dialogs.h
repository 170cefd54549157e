// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/theme.h"

#include <QDate>
#include <QDialog>

class QDateEdit;
class QLineEdit;

namespace counterfoil {

/// What a filter's dialog is called, and its button that closes it.
struct FilterDialogWords {
    QString title;
    QString accept;
};

/// Asks for two days, both included.
class DateRangeDialog : public QDialog {
    Q_OBJECT
public:
    DateRangeDialog(const Theme& theme, const FilterDialogWords& words, QWidget* parent = nullptr);
    void setRange(const QDate& first, const QDate& last);
    /// The earlier of the two, whichever was entered first.
    QDate first() const;
    QDate last() const;

private:
    QDateEdit* m_from;
    QDateEdit* m_to;
};

/// Asks for a text to filter by.
class FilterTextDialog : public QDialog {
    Q_OBJECT
public:
    /// `name` stands beside the field, `hint` in it while it is empty.
    FilterTextDialog(const Theme& theme, const FilterDialogWords& words, const QString& name, const QString& hint, QWidget* parent = nullptr);
    void setText(const QString& text);
    /// Without space around it.
    QString text() const;

private:
    QLineEdit* m_text;
};

} // namespace counterfoil
