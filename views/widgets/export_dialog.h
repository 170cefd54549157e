// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/tables/table_export.h"
#include "views/theme/theme.h"

#include <QDialog>

class QProgressBar;
class QPushButton;

namespace counterfoil {

class PlainLabel;

/// Follows an export, beside which everything else goes on: how far it is, a way to stop it, and what came of it. Closing it stops it.
class ExportDialog : public QDialog {
    Q_OBJECT
public:
    /// Begins at once. The export becomes the dialog's.
    ExportDialog(const Theme& theme, std::unique_ptr<TableExport> work, QWidget* parent = nullptr);

    void done(int result) override;

private:
    void showProgress(qint64 rows, qint64 total);
    void showEnd(const QString& words, bool isComplete);

    TableExport* m_work;
    PlainLabel* m_words;
    PlainLabel* m_file;
    QProgressBar* m_bar;
    QPushButton* m_button;
    bool m_isOver = false;
};

} // namespace counterfoil
