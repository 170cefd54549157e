// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/gateway/step_list.h"

#include "views/widgets/badge.h"

#include <QGridLayout>

namespace counterfoil {

StepList::StepList(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme), m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(space::m);
    m_grid->setVerticalSpacing(space::xs);
    m_grid->setColumnStretch(1, 1);
}

void StepList::setSteps(const std::vector<ForensicStep>& steps)
{
    while (QLayoutItem* item = m_grid->takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
    int row = 0;
    for (const ForensicStep& step : steps) {
        auto* badge = new StateBadge(m_theme, this);
        badge->setLook(step.look);
        auto* title = new PlainLabel(m_theme, {}, TextRole::Strong, Ink::Text, this);
        title->setWrapping(true);
        title->setPlain(step.title);
        auto* text = new PlainLabel(m_theme, {}, TextRole::Body, Ink::Secondary, this);
        text->setWrapping(true);
        text->setSelectable();
        text->setPlain(step.text);
        m_grid->addWidget(badge, row, 0, Qt::AlignTop | Qt::AlignLeft);
        m_grid->addWidget(title, row, 1);
        m_grid->addWidget(text, row + 1, 1, Qt::AlignTop);
        m_grid->setRowMinimumHeight(row + 2, space::s);
        row += 3;
    }
}

} // namespace counterfoil
