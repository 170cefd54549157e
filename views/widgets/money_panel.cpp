// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/money_panel.h"

#include "views/widgets/amount_label.h"

#include <QBoxLayout>

namespace counterfoil {

MoneyPanel::MoneyPanel(const Theme& theme, const QString& mainCaption, const QStringList& parts, QWidget* parent)
    : SectionCard(theme, {}, parent),
      m_main(new AmountLabel(theme, TextRole::FigureLarge, Qt::AlignLeft, this)),
      m_remark(new PlainLabel(theme, {}, TextRole::Caption, Ink::Secondary, this))
{
    setAccessibleName(mainCaption);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::xxl);
    auto* left = new QVBoxLayout;
    left->setSpacing(0);
    left->addWidget(new PlainLabel(theme, mainCaption, TextRole::Caption, Ink::Secondary, this));
    left->addWidget(m_main);
    left->addWidget(m_remark);
    row->addLayout(left, 1);
    for (const QString& caption : parts) {
        auto* column = new QVBoxLayout;
        column->setSpacing(2);
        auto* label = new PlainLabel(theme, caption, TextRole::Caption, Ink::Secondary, this);
        label->setAlignment(Qt::AlignRight);
        auto* amount = new AmountLabel(theme, TextRole::Body, Qt::AlignRight, this);
        amount->setMinimumWidth(96);
        column->addStretch(1);
        column->addWidget(label);
        column->addWidget(amount);
        column->addStretch(1);
        row->addLayout(column);
        m_parts.push_back(amount);
    }
    body()->setContentsMargins(space::l, space::m, space::l, space::m);
    body()->addLayout(row);
}

void MoneyPanel::setAmounts(const Money& main, const std::vector<Money>& parts)
{
    require(parts.size() == m_parts.size(), "as many amounts as captions");
    m_main->setAmount(main);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        m_parts[i]->setAmount(parts[i]);
    }
}

void MoneyPanel::setRemark(const QString& remark, Ink ink)
{
    m_remark->setPlain(remark);
    m_remark->setInk(ink);
}

void MoneyPanel::clear()
{
    m_main->clear();
    m_remark->setPlain({});
    for (AmountLabel* part : m_parts) {
        part->clear();
    }
}

} // namespace counterfoil
