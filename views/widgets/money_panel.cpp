// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/money_panel.h"

#include "views/widgets/amount_button.h"
#include "views/widgets/amount_label.h"

#include <QBoxLayout>

#include <algorithm>

namespace counterfoil {

MoneyPanel::MoneyPanel(const Theme& theme, const QString& mainCaption, const QStringList& parts, Figures figures, QWidget* parent)
    : SectionCard(theme, {}, parent), m_remark(new PlainLabel(theme, {}, TextRole::Caption, Ink::Secondary, this))
{
    setAccessibleName(mainCaption);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::xxl);
    auto* left = new QVBoxLayout;
    left->setSpacing(0);
    left->addWidget(new PlainLabel(theme, mainCaption, TextRole::Caption, Ink::Secondary, this));
    left->addWidget(addFigure(theme, mainCaption, TextRole::FigureLarge, Qt::AlignLeft, figures), 0, figures == Figures::Explained ? Qt::AlignLeft : Qt::Alignment());
    left->addWidget(m_remark);
    row->addLayout(left, 1);
    for (const QString& caption : parts) {
        auto* column = new QVBoxLayout;
        column->setSpacing(2);
        auto* label = new PlainLabel(theme, caption, TextRole::Caption, Ink::Secondary, this);
        label->setAlignment(Qt::AlignRight);
        QWidget* amount = addFigure(theme, caption, TextRole::Body, Qt::AlignRight, figures);
        amount->setMinimumWidth(96);
        column->addStretch(1);
        column->addWidget(label);
        column->addWidget(amount);
        column->addStretch(1);
        row->addLayout(column);
    }
    body()->setContentsMargins(space::l, space::m, space::l, space::m);
    body()->addLayout(row);
}

QWidget* MoneyPanel::addFigure(const Theme& theme, const QString& caption, TextRole role, Qt::Alignment alignment, Figures figures)
{
    if (figures == Figures::Shown) {
        return m_labels.emplace_back(new AmountLabel(theme, role, alignment, this));
    }
    auto* button = m_buttons.emplace_back(new AmountButton(theme, caption, role, alignment, this));
    connect(button, &AmountButton::clicked, this, [this, figure = static_cast<int>(m_buttons.size()) - 1] { Q_EMIT explanationRequested(figure); });
    return button;
}

void MoneyPanel::setAmounts(const Money& main, const std::vector<Money>& parts)
{
    require(parts.size() + 1 == m_labels.size() + m_buttons.size(), "as many amounts as captions");
    const auto set = [&](const auto& figures) {
        for (std::size_t i = 0; i < figures.size(); ++i) {
            figures[i]->setAmount(i == 0 ? main : parts[i - 1]);
        }
    };
    set(m_labels);
    set(m_buttons);
}

void MoneyPanel::setRemark(const QString& remark, Ink ink)
{
    m_remark->setPlain(remark);
    m_remark->setInk(ink);
}

void MoneyPanel::clear()
{
    m_remark->setPlain({});
    std::ranges::for_each(m_labels, &AmountLabel::clear);
    std::ranges::for_each(m_buttons, &AmountButton::clear);
}

} // namespace counterfoil
