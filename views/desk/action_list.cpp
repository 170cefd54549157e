// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/desk/action_list.h"

#include "models/tables/format.h"
#include "views/desk/desk.h"
#include "views/widgets/labels.h"

#include <QBoxLayout>
#include <QGridLayout>
#include <QPushButton>

#include <algorithm>

namespace counterfoil {

ActionList::ActionList(const PageContext& context, const std::vector<CommandKind>& kinds, Form form, QWidget* parent) : QWidget(parent), m_context(context), m_kinds(kinds)
{
    for (const CommandKind kind : m_kinds) {
        auto* button = new QPushButton(offerText(kind), this);
        button->setAutoDefault(false);
        button->setAccessibleName(stateLabel(toString(kind)));
        connect(button, &QPushButton::clicked, this, [this, kind] { ask(kind); });
        m_entries[kind].button = button;
    }
    form == Form::Lines ? buildLines() : buildStrip();
    if (context.desk) {
        connect(context.desk, &Desk::personChanged, this, &ActionList::showReasons);
    }
    showReasons();
}

void ActionList::buildLines()
{
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(space::m);
    grid->setVerticalSpacing(space::s);
    grid->setColumnStretch(1, 1);
    int row = 0;
    for (const CommandKind kind : m_kinds) {
        Entry& entry = m_entries[kind];
        entry.reason = new PlainLabel(m_context.theme, {}, TextRole::Caption, Ink::Secondary, this);
        grid->addWidget(entry.button, row, 0);
        grid->addWidget(entry.reason, row++, 1);
    }
}

void ActionList::buildStrip()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::xs);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::s);
    for (const CommandKind kind : m_kinds) {
        row->addWidget(m_entries[kind].button);
    }
    m_reasons = new PlainLabel(m_context.theme, {}, TextRole::Caption, Ink::Secondary, this);
    m_reasons->setWrapping(true);
    column->addLayout(row);
    // Beside a few buttons there is room.
    if (m_kinds.size() <= 2) {
        row->addSpacing(space::s);
        row->addWidget(m_reasons, 1);
    } else {
        column->addWidget(m_reasons);
    }
    row->addStretch(m_kinds.size() <= 2 ? 0 : 1);
}

void ActionList::setOffers(std::vector<CommandOffer> offers)
{
    m_offers = std::move(offers);
    showReasons();
}

const CommandOffer* ActionList::offerOf(CommandKind kind) const
{
    const auto found = std::ranges::find_if(m_offers, [kind](const CommandOffer& offer) { return offer.draft.kind == kind; });
    return found == m_offers.end() ? nullptr : &*found;
}

QString ActionList::whyNotNow(CommandKind kind) const
{
    const CommandOffer* offer = offerOf(kind);
    return offer ? whyNot(m_context, *offer) : tr("Not known yet.");
}

void ActionList::showReasons()
{
    // Equal reasons are said once, with all that they forbid.
    std::vector<std::pair<QString, QStringList>> forbidden;
    for (const CommandKind kind : m_kinds) {
        const Entry& entry = m_entries.at(kind);
        const QString why = whyNotNow(kind);
        entry.button->setEnabled(why.isEmpty());
        entry.button->setToolTip(why.isEmpty() ? QString() : plainToolTip(why));
        entry.button->setAccessibleDescription(why);
        if (entry.reason) {
            entry.reason->setPlain(why);
        }
        if (!why.isEmpty()) {
            auto known = std::ranges::find(forbidden, why, &std::pair<QString, QStringList>::first);
            if (known == forbidden.end()) {
                known = forbidden.insert(forbidden.end(), {why, {}});
            }
            known->second << entry.button->accessibleName();
        }
    }
    if (m_reasons) {
        QStringList texts;
        for (const auto& [why, names] : forbidden) {
            texts << tr("%1: %2").arg(names.join(QStringLiteral(", ")), why);
        }
        m_reasons->setPlain(m_offers.empty() ? QString() : texts.join(QStringLiteral("  ")));
        m_reasons->setVisible(m_kinds.size() <= 2 || (!texts.isEmpty() && !m_offers.empty()));
    }
}

bool ActionList::ask(CommandKind kind)
{
    const CommandOffer* offer = offerOf(kind);
    if (!offer || !whyNot(m_context, *offer).isEmpty()) {
        return false;
    }
    askForCommand(m_context, offer->draft, this);
    return true;
}

} // namespace counterfoil
