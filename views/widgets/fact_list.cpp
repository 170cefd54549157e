// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/fact_list.h"

#include <QGridLayout>

#include <algorithm>

namespace counterfoil {

FactList::FactList(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme), m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(space::m);
    m_grid->setVerticalSpacing(space::s);
    m_grid->setColumnMinimumWidth(0, 84);
    m_grid->setColumnStretch(1, 1);
}

void FactList::setFacts(QList<Fact> facts)
{
    facts.removeIf([](const Fact& fact) { return fact.value.isEmpty(); });
    const bool sameShape = std::ranges::equal(facts, m_facts, [](const Fact& a, const Fact& b) { return a.name == b.name && a.isExact == b.isExact; });
    m_facts = std::move(facts);
    if (!sameShape) {
        build();
        return;
    }
    for (qsizetype i = 0; i < m_facts.size(); ++i) {
        m_values[i]->setPlain(m_facts[i].value);
        m_values[i]->setInk(m_facts[i].ink);
    }
}

void FactList::build()
{
    while (QLayoutItem* item = m_grid->takeAt(0)) {
        item->widget()->deleteLater();
        item->widget()->hide();
        delete item;
    }
    m_values.clear();
    int row = 0;
    for (const Fact& fact : std::as_const(m_facts)) {
        auto* name = new PlainLabel(m_theme, fact.name, TextRole::Caption, Ink::Secondary, this);
        auto* value = new PlainLabel(m_theme, {}, fact.isExact ? TextRole::MonoSmall : TextRole::Body, fact.ink, this);
        // An id has no place to break: it may be cut rather than make its column wide.
        value->setWrapping(!fact.isExact);
        value->setSelectable();
        value->setPlain(fact.value);
        m_grid->addWidget(name, row, 0, Qt::AlignTop);
        m_grid->addWidget(value, row, 1, Qt::AlignTop);
        m_values << value;
        ++row;
    }
}

} // namespace counterfoil
