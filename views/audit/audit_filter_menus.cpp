// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/audit/audit_filter_menus.h"

#include "views/widgets/day_range_menu.h"
#include "views/widgets/words.h"

#include <QMenu>

namespace counterfoil {

AuditFilterMenus::AuditFilterMenus(const PageContext& context, FilterBar* bar, QObject* parent) : QObject(parent), m_context(context), m_bar(bar)
{
    fillActors();
    fillActions();
    m_days = new DayRangeMenu(context, bar, {tr("When"), {tr("Between two days"), tr("Show what was done")}, tr("On %1"), tr("%1 to %2")});
    connect(m_days, &DayRangeMenu::rangeChosen, this, [this](UtcTime from, UtcTime to) {
        AuditFilter filter = m_filter;
        filter.from = from;
        filter.to = to;
        change(filter);
    });
    connect(bar, &FilterBar::chipRemoved, this, &AuditFilterMenus::remove);
    connect(bar, &FilterBar::cleared, this, [this] {
        AuditFilter filter;
        filter.subject = m_filter.subject;
        change(filter);
    });
}

void AuditFilterMenus::fillActors()
{
    QMenu* menu = m_bar->addMenu(tr("By"), Icon::User);
    const auto add = [this, menu](const QString& title, const QString& actor) { menu->addAction(title, this, [this, actor] { setActor(actor); }); };
    add(tr("Worker"), QStringLiteral("worker"));
    add(tr("Any shop"), QStringLiteral("api:"));
    add(tr("Any import"), QStringLiteral("import:"));
    add(tr("Command line"), QStringLiteral("cli"));
    menu->addSeparator();
    menu->addAction(tr("Somebody…"), this, &AuditFilterMenus::askActor);
    add(tr("Anybody"), {});
}

void AuditFilterMenus::fillActions()
{
    QMenu* menu = m_bar->addMenu(tr("Action"), Icon::Flag);
    const auto add = [this, menu](const QString& title, const QString& action) { menu->addAction(title, this, [this, action] { setAction(action); }); };
    add(tr("Orders created"), QStringLiteral("order.created"));
    add(tr("Orders moved on"), QStringLiteral("order.transition"));
    add(tr("Refunds"), QStringLiteral("refund."));
    add(tr("Settlements"), QStringLiteral("settlement."));
    add(tr("Cases"), QStringLiteral("case."));
    add(tr("Accounts"), QStringLiteral("account."));
    add(tr("Stock"), QStringLiteral("stock."));
    menu->addSeparator();
    menu->addAction(tr("Beginning with…"), this, &AuditFilterMenus::askAction);
    add(tr("Anything"), {});
}

void AuditFilterMenus::setActor(const QString& actor)
{
    AuditFilter filter = m_filter;
    filter.actor = actor;
    change(filter);
}

void AuditFilterMenus::setAction(const QString& action)
{
    AuditFilter filter = m_filter;
    filter.action = action;
    change(filter);
}

void AuditFilterMenus::askActor()
{
    FilterTextDialog dialog(m_context.theme, {tr("What somebody did"), tr("Show what was done")}, tr("By"), tr("A login, or api:shop"), m_bar->window());
    dialog.setText(m_filter.actor);
    if (dialog.exec() == QDialog::Accepted) {
        setActor(dialog.text());
    }
}

void AuditFilterMenus::askAction()
{
    FilterTextDialog dialog(m_context.theme, {tr("Actions that begin with"), tr("Show what was done")}, tr("Action"), tr("order. or refund.requested"), m_bar->window());
    dialog.setText(m_filter.action);
    if (dialog.exec() == QDialog::Accepted) {
        setAction(dialog.text());
    }
}

void AuditFilterMenus::remove(const QString& key)
{
    AuditFilter filter = m_filter;
    if (key == QLatin1String("actor")) {
        filter.actor.clear();
    } else if (key == QLatin1String("action")) {
        filter.action.clear();
    } else {
        filter.from = filter.to = UtcTime();
    }
    change(filter);
}

void AuditFilterMenus::change(const AuditFilter& filter)
{
    if (filter == m_filter) {
        return;
    }
    show(filter);
    Q_EMIT filterChanged(filter);
}

void AuditFilterMenus::show(const AuditFilter& filter)
{
    m_filter = filter;
    m_days->setRange(filter.from, filter.to);
    m_bar->setChips(chips());
}

QList<FilterChip> AuditFilterMenus::chips() const
{
    QList<FilterChip> chips;
    if (m_filter.actor == QLatin1String("api:")) {
        chips.append({QStringLiteral("actor"), tr("By any shop")});
    } else if (m_filter.actor == QLatin1String("import:")) {
        chips.append({QStringLiteral("actor"), tr("By any import")});
    } else if (!m_filter.actor.isEmpty()) {
        chips.append({QStringLiteral("actor"), tr("By %1").arg(actorWords(m_filter.actor))});
    }
    if (!m_filter.action.isEmpty()) {
        const bool isGroup = m_filter.action.endsWith(QLatin1Char('.'));
        chips.append({QStringLiteral("action"), isGroup ? tr("Action %1…").arg(m_filter.action.chopped(1)) : tr("Action %1").arg(m_filter.action)});
    }
    return chips + m_days->chips();
}

} // namespace counterfoil
