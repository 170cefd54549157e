// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/row_dialog.h"

#include "views/widgets/payload_viewer.h"

#include <QBoxLayout>
#include <QDialogButtonBox>
#include <QPushButton>

namespace counterfoil {

RowDialog::RowDialog(const Theme& theme, const QString& title, const QModelIndex& row, QWidget* parent) : QDialog(parent)
{
    setWindowTitle(title);
    auto* text = new PayloadViewer(theme, title, this);
    text->setPayload(textOf(row));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->button(QDialogButtonBox::Close)->setIcon({});
    buttons->button(QDialogButtonBox::Close)->setAccessibleName(tr("Close"));
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::xl, space::l, space::xl, space::l);
    layout->setSpacing(space::m);
    layout->addWidget(text, 1);
    layout->addWidget(buttons);
    resize(620, 420);
}

QString RowDialog::textOf(const QModelIndex& row)
{
    QStringList parts;
    const QAbstractItemModel* model = row.model();
    for (int column = 0; model != nullptr && column < model->columnCount(row.parent()); ++column) {
        const QString text = row.siblingAtColumn(column).data().toString();
        if (!text.isEmpty()) {
            parts << model->headerData(column, Qt::Horizontal).toString() + QLatin1Char('\n') + text;
        }
    }
    return parts.join(QStringLiteral("\n\n"));
}

} // namespace counterfoil
