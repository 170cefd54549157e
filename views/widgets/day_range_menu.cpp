// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/day_range_menu.h"

#include "models/tables/format.h"

#include <QDateTime>
#include <QMenu>

namespace counterfoil {

namespace {

UtcTime startOf(const QDate& day)
{
    return UtcTime(day.startOfDay().toMSecsSinceEpoch() * 1000);
}

QDate dayOf(UtcTime moment)
{
    return QDateTime::fromMSecsSinceEpoch(moment.micros() / 1000).toLocalTime().date();
}

} // namespace

DayRangeMenu::DayRangeMenu(const PageContext& context, FilterBar* bar, const DayRangeWords& words) : QObject(bar), m_context(context), m_bar(bar), m_words(words)
{
    QMenu* menu = bar->addMenu(words.button, Icon::Calendar);
    const auto add = [this, menu](const QString& title, int firstDaysAgo, int lastDaysAgo) {
        menu->addAction(title, this, [this, firstDaysAgo, lastDaysAgo] {
            const QDate today = dayOf(m_context.clock.now());
            choose(today.addDays(-firstDaysAgo), today.addDays(-lastDaysAgo));
        });
    };
    add(tr("Today"), 0, 0);
    add(tr("Yesterday"), 1, 1);
    add(tr("Last 7 days"), 6, 0);
    add(tr("Last 30 days"), 29, 0);
    add(tr("Last 12 months"), 364, 0);
    menu->addSeparator();
    menu->addAction(tr("Between…"), this, &DayRangeMenu::ask);
    menu->addAction(tr("Any time"), this, [this] { Q_EMIT rangeChosen(UtcTime(), UtcTime()); });
}

void DayRangeMenu::choose(const QDate& first, const QDate& last)
{
    Q_EMIT rangeChosen(startOf(first), startOf(last.addDays(1)));
}

void DayRangeMenu::ask()
{
    const QDate today = dayOf(m_context.clock.now());
    DateRangeDialog dialog(m_context.theme, m_words.dialog, m_bar->window());
    dialog.setRange(m_from.isNone() ? today.addDays(-29) : dayOf(m_from), m_to.isNone() ? today : dayOf(m_to).addDays(-1));
    if (dialog.exec() == QDialog::Accepted) {
        choose(dialog.first(), dialog.last());
    }
}

void DayRangeMenu::setRange(UtcTime from, UtcTime to)
{
    m_from = from;
    m_to = to;
}

QList<FilterChip> DayRangeMenu::chips() const
{
    if (m_from.isNone() && m_to.isNone()) {
        return {};
    }
    const QString from = m_from.isNone() ? tr("the beginning") : formatDate(m_from);
    const QString to = m_to.isNone() ? tr("now") : formatDate(m_to - Duration::seconds(1));
    return {{QStringLiteral("date"), from == to ? m_words.onDay.arg(from) : m_words.between.arg(from, to)}};
}

} // namespace counterfoil
