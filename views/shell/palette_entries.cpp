// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/shell/palette_entries.h"

#include "models/base/text.h"
#include "models/tables/format.h"

#include <QCoreApplication>
#include <QPainter>

namespace counterfoil {

namespace {

/// `1428.66 USD` as the rest of the console writes it; anything else as it is.
QString amountText(const QString& fact)
{
    const QStringList words = fact.split(QLatin1Char(' '));
    const auto currency = Currency::parse(words.value(1));
    const auto amount = currency ? Money::fromDecimal(words.value(0), *currency) : Result<Money>(passOn(currency));
    return amount ? formatMoneyWithCode(*amount) : fact;
}

PaletteEntry entryOf(const SearchHit& hit)
{
    const auto kind = [&hit]() -> std::pair<Icon, QString> {
        switch (hit.kind) {
        case SearchKind::Order: return {Icon::Orders, PaletteEntries::tr("Order")};
        case SearchKind::Account: return {Icon::Accounts, PaletteEntries::tr("Account")};
        case SearchKind::Customer: return {Icon::User, PaletteEntries::tr("Customer")};
        case SearchKind::Merchant: return {Icon::User, PaletteEntries::tr("Merchant")};
        }
        return {Icon::Search, {}};
    }();
    QStringList facts = hit.subtitle.split(QStringLiteral(" · "));
    if (hit.kind == SearchKind::Order && facts.size() > 1) {
        facts.last() = stateLabel(facts.last());
        facts[facts.size() - 2] = amountText(facts[facts.size() - 2]);
    }
    if (hit.kind == SearchKind::Account) {
        facts.first() = stateLabel(facts.first());
        facts.last() = amountText(facts.last());
    }
    return {kind.first, visibleText(hit.title, 120), visibleText(facts.join(QStringLiteral(" · ")), 160), kind.second, nullptr, hit};
}

} // namespace

QVariant PaletteEntries::data(const QModelIndex& index, int role) const
{
    const PaletteEntry& entry = at(index.row());
    if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole) {
        return entry.subtitle.isEmpty() ? entry.title : QStringLiteral("%1, %2").arg(entry.title, entry.subtitle);
    }
    return {};
}

void PaletteEntries::setCommands(std::vector<PaletteEntry> commands)
{
    m_commands = std::move(commands);
    rebuild();
}

void PaletteEntries::setHits(const std::vector<SearchHit>& hits)
{
    m_hits.clear();
    for (const SearchHit& hit : hits) {
        m_hits.push_back(entryOf(hit));
    }
    rebuild();
}

void PaletteEntries::rebuild()
{
    beginResetModel();
    m_rows = m_commands;
    m_rows.insert(m_rows.end(), m_hits.begin(), m_hits.end());
    endResetModel();
}

PaletteDelegate::PaletteDelegate(const Theme& theme, const PaletteEntries& entries, QObject* parent)
    : QAbstractItemDelegate(parent), m_theme(theme), m_entries(entries)
{
}

QSize PaletteDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const
{
    return {300, m_entries.at(index.row()).subtitle.isEmpty() ? 34 : 46};
}

void PaletteDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Tokens& tokens = m_theme.tokens();
    const PaletteEntry& entry = m_entries.at(index.row());
    painter->save();
    if (option.state & (QStyle::State_Selected | QStyle::State_MouseOver)) {
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(option.state & QStyle::State_Selected ? tokens.accentSoft : tokens.hover);
        painter->drawRoundedRect(option.rect.adjusted(space::xs, 0, -space::xs, 0), 4, 4);
        painter->setRenderHint(QPainter::Antialiasing, false);
    }
    const QRect box = option.rect.adjusted(space::m, 0, -space::l, 0);
    painter->drawPixmap(box.x(), box.y() + (box.height() - 20) / 2, iconPixmap(entry.icon, 20, tokens.secondary, painter->device()->devicePixelRatioF()));
    painter->setFont(m_theme.font(TextRole::Caption));
    painter->setPen(tokens.secondary);
    const int trailing = painter->fontMetrics().horizontalAdvance(entry.trailing);
    painter->drawText(box, Qt::AlignRight | Qt::AlignVCenter, entry.trailing);
    QRect words = box.adjusted(20 + space::m, 0, -trailing - space::m, 0);
    if (!entry.subtitle.isEmpty()) {
        const QRect below(words.x(), words.center().y() + 2, words.width(), 18);
        painter->drawText(below, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                          painter->fontMetrics().elidedText(entry.subtitle, Qt::ElideRight, below.width()));
        words.setBottom(words.center().y() + 2);
        words.setTop(words.top() + space::xs);
    }
    painter->setFont(m_theme.font(TextRole::Body));
    painter->setPen(tokens.text);
    painter->drawText(words, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                      painter->fontMetrics().elidedText(entry.title, Qt::ElideRight, words.width()));
    painter->restore();
}

} // namespace counterfoil
