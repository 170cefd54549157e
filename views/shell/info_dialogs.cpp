// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/shell/info_dialogs.h"

#include "views/widgets/labels.h"

#include <QAction>
#include <QBoxLayout>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QPushButton>

namespace counterfoil {

namespace {

QDialogButtonBox* closeButton(QDialog* dialog)
{
    auto* box = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    box->button(QDialogButtonBox::Close)->setIcon({});
    box->button(QDialogButtonBox::Close)->setAccessibleName(ShortcutsDialog::tr("Close"));
    QObject::connect(box, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    return box;
}

} // namespace

ShortcutsDialog::ShortcutsDialog(const Theme& theme, const CommandRegistry& commands, QWidget* parent) : QDialog(parent)
{
    setWindowTitle(tr("Keyboard shortcuts"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::xl, space::xl, space::xl, space::l);
    layout->setSpacing(space::l);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(space::xxl);
    grid->setVerticalSpacing(space::s);
    int row = 0;
    const auto add = [&](const QString& keys, const QString& words) {
        grid->addWidget(new PlainLabel(theme, words, TextRole::Body, Ink::Text, this), row, 0);
        grid->addWidget(new PlainLabel(theme, keys, TextRole::Mono, Ink::Secondary, this), row++, 1);
    };
    for (const CommandRegistry::Entry& entry : commands.available()) {
        const QAction* action = entry.action;
        if (!action->shortcut().isEmpty()) {
            add(action->shortcut().toString(QKeySequence::NativeText), action->text().remove(QLatin1Char('&')));
        }
    }
    add(QKeySequence(QKeySequence::Find).toString(QKeySequence::NativeText), tr("Search within the list"));
    add(tr("Enter"), tr("Open the row"));
    add(QStringLiteral("Ctrl+C"), tr("Copy the marked rows"));
    add(tr("Menu"), tr("What can be done with the row"));
    layout->addLayout(grid);
    layout->addWidget(closeButton(this));
}

AboutDialog::AboutDialog(const Theme& theme, const QString& database, QWidget* parent) : QDialog(parent)
{
    setWindowTitle(tr("About Counterfoil"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::xl, space::xl, space::xl, space::l);
    layout->setSpacing(space::s);
    layout->addWidget(new PlainLabel(theme, tr("Counterfoil %1").arg(QStringLiteral(COUNTERFOIL_VERSION)), TextRole::Title, Ink::Text, this));
    layout->addWidget(new PlainLabel(theme, tr("Payment core and operations console"), TextRole::Body, Ink::Secondary, this));
    layout->addSpacing(space::s);
    auto* where = new PlainLabel(theme, tr("Database: %1").arg(database), TextRole::Caption, Ink::Secondary, this);
    where->setMinimumWidth(420);
    layout->addWidget(where);
    layout->addWidget(new PlainLabel(theme, tr("Qt %1 · icons: Breeze (LGPL) · licence: GPL-3.0-or-later").arg(QString::fromLatin1(qVersion())), TextRole::Caption,
                                     Ink::Secondary, this));
    layout->addSpacing(space::m);
    layout->addWidget(closeButton(this));
}

} // namespace counterfoil
