// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/export_dialog.h"

#include "models/tables/format.h"
#include "views/widgets/labels.h"

#include <QBoxLayout>
#include <QFileInfo>
#include <QProgressBar>
#include <QPushButton>

namespace counterfoil {

namespace {
/// A progress bar counts in int.
constexpr int barSteps = 1000;
} // namespace

ExportDialog::ExportDialog(const Theme& theme, std::unique_ptr<TableExport> work, QWidget* parent)
    : QDialog(parent),
      m_work(work.release()),
      m_words(new PlainLabel(theme, tr("Reading…"), TextRole::Strong, Ink::Text, this)),
      m_file(new PlainLabel(theme, m_work->fileName(), TextRole::Caption, Ink::Secondary, this)),
      m_bar(new QProgressBar(this)),
      m_button(new QPushButton(tr("Stop"), this))
{
    m_work->setParent(this);
    setWindowTitle(tr("Export"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::xl, space::l, space::xl, space::l);
    layout->setSpacing(space::m);
    m_words->setWrapping(true);
    layout->addWidget(m_words);
    m_bar->setRange(0, 0);
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("How far the export is"));
    layout->addWidget(m_bar);
    m_file->setWrapping(true);
    layout->addWidget(m_file);
    auto* row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(m_button);
    layout->addLayout(row);
    setMinimumWidth(420);
    connect(m_button, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_work, &TableExport::progressed, this, &ExportDialog::showProgress);
    connect(m_work, &TableExport::finished, this, [this](qint64 rows) { showEnd(tr("%1 rows were written.").arg(formatCount(rows)), true); });
    connect(m_work, &TableExport::failed, this, [this](const Error& error) {
        showEnd(error.code == ErrorCode::Cancelled ? tr("Stopped; no file was written.") : tr("No file was written: %1.").arg(error.detail), false);
    });
    m_work->start();
}

void ExportDialog::showProgress(qint64 rows, qint64 total)
{
    m_words->setPlain(total > 0 ? tr("%1 of %2 rows").arg(formatCount(rows), formatCount(total)) : tr("%1 rows").arg(formatCount(rows)));
    m_bar->setRange(0, total > 0 ? barSteps : 0);
    if (total > 0) {
        m_bar->setValue(static_cast<int>(std::min<qint64>(rows, total) * barSteps / total));
    }
}

void ExportDialog::showEnd(const QString& words, bool isComplete)
{
    m_isOver = true;
    m_bar->setRange(0, barSteps);
    m_bar->setValue(isComplete ? barSteps : 0);
    m_button->setText(tr("Close"));
    m_words->setPlain(words);
}

void ExportDialog::done(int result)
{
    if (!m_isOver) {
        m_work->cancel();
    }
    QDialog::done(result);
}

} // namespace counterfoil
