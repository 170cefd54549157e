// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/desk/command_offer.h"

#include "models/tables/format.h"
#include "views/desk/desk.h"

#include <QMenu>

namespace counterfoil {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("CommandOffer", text);
}

} // namespace

QString whyNot(const PageContext& context, const CommandOffer& offer)
{
    if (!offer.whyNot.isEmpty()) {
        return offer.whyNot;
    }
    return context.desk ? context.desk->whyNotRequest(offer.draft.kind) : tr("Nobody works at this console.");
}

QString offerText(CommandKind kind)
{
    return stateLabel(toString(kind)) + QStringLiteral("…");
}

void addOffer(QMenu* menu, const PageContext& context, const CommandOffer& offer, const QString& key, QWidget* parent)
{
    const QString why = whyNot(context, offer);
    QString text = offerText(offer.draft.kind);
    if (!why.isEmpty()) {
        text = tr("%1  (%2)").arg(text, why);
    } else if (!key.isEmpty()) {
        text = tr("%1  (%2)").arg(text, key);
    }
    QAction* action = menu->addAction(text.replace(QLatin1Char('&'), QStringLiteral("&&")), parent, [context, draft = offer.draft, parent] { askForCommand(context, draft, parent); });
    action->setEnabled(why.isEmpty());
}

} // namespace counterfoil
