// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/theme.h"

#include <QAbstractItemModel>
#include <QDialog>

namespace counterfoil {

/// A row's cells one below the other, hidden columns too, each as long as it is: for details that no column is wide enough for.
class RowDialog : public QDialog {
    Q_OBJECT
public:
    RowDialog(const Theme& theme, const QString& title, const QModelIndex& row, QWidget* parent = nullptr);

    /// `Column`, below it the cell's text, then an empty line; cells without text are left out.
    static QString textOf(const QModelIndex& row);
};

} // namespace counterfoil
