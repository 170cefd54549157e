// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/detail_pane.h"

#include "models/base/text.h"
#include "views/widgets/badge.h"
#include "views/widgets/empty_state.h"

#include <QBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedLayout>

namespace counterfoil {

namespace {
constexpr int usualWidth = 364;
/// What that leaves of a window of 1280.
constexpr int usualListWidth = 772;
} // namespace

DetailPane::DetailPane(const Theme& theme, const QString& name, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_stack(new QStackedLayout(this)),
      m_empty(new EmptyState(theme, this)),
      m_content(new QWidget(this)),
      m_title(new PlainLabel(theme, {}, TextRole::Section, Ink::Text, m_content)),
      m_badge(new StateBadge(theme, m_content)),
      m_facts(new FactList(theme)),
      m_column(new QVBoxLayout(m_content)),
      m_buttons(new QHBoxLayout),
      m_open(new QPushButton(theme.icon(Icon::Orders), {}, m_content))
{
    setAccessibleName(name);
    m_stack->setContentsMargins(1, 1, 1, 1);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_content);
    m_column->setContentsMargins(space::l, space::m, space::l, space::l);
    m_column->setSpacing(space::m);
    auto* heading = new QHBoxLayout;
    heading->setSpacing(space::s);
    heading->addWidget(m_title, 1);
    heading->addWidget(m_badge);
    m_column->addLayout(heading);
    auto* scroll = new QScrollArea(m_content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setAccessibleName(name);
    // Long lists of facts stand at the top of their place.
    auto* top = new QWidget(scroll);
    auto* column = new QVBoxLayout(top);
    column->setContentsMargins(0, 0, space::s, 0);
    column->addWidget(m_facts);
    column->addStretch(1);
    scroll->setWidget(top);
    scroll->viewport()->setAutoFillBackground(false);
    top->setAutoFillBackground(false);
    m_column->addWidget(scroll, 3);
    m_buttons->setSpacing(space::s);
    m_buttons->addWidget(m_open);
    m_buttons->addStretch(1);
    m_column->addLayout(m_buttons);
    m_open->hide();
    connect(m_open, &QPushButton::clicked, this, [this] { Q_EMIT orderRequested(m_order); });
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void DetailPane::setNothing(const QString& title, const QString& text)
{
    m_empty->setContent(Icon::Info, title, text);
    m_stack->setCurrentWidget(m_empty);
}

void DetailPane::setSubject(const QString& title, const Look& look, const QList<Fact>& facts)
{
    m_title->setPlain(title);
    m_badge->setLook(look);
    m_facts->setFacts(facts);
    m_stack->setCurrentWidget(m_content);
}

void DetailPane::setOrder(OrderId order, const QString& orderNo)
{
    m_order = order;
    m_open->setVisible(!order.isNone());
    const QString number = visibleText(orderNo.isEmpty() ? order.toText() : orderNo, 32);
    m_open->setAccessibleName(tr("Open order %1").arg(number));
    m_open->setText(tr("Open order %1").arg(number).replace(QLatin1Char('&'), QStringLiteral("&&")));
}

void DetailPane::addBody(QWidget* widget, int stretch)
{
    m_column->insertWidget(m_column->count() - 1, widget, stretch);
}

void DetailPane::addButton(QPushButton* button)
{
    m_buttons->insertWidget(m_buttons->count() - 1, button);
}

bool DetailPane::hasSubject() const
{
    return m_stack->currentWidget() == m_content;
}

QSplitter* DetailPane::beside(QWidget* list, DetailPane* pane, QWidget* parent)
{
    auto* splitter = new QSplitter(Qt::Horizontal, parent);
    splitter->setHandleWidth(space::m);
    splitter->addWidget(list);
    splitter->addWidget(pane);
    splitter->setCollapsible(0, false);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({usualListWidth, usualWidth});
    pane->setMinimumWidth(260);
    return splitter;
}

QSize DetailPane::sizeHint() const
{
    return {usualWidth, QWidget::sizeHint().height()};
}

void DetailPane::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_theme.tokens().line, 1));
    painter.setBrush(m_theme.tokens().surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), cornerRadius, cornerRadius);
}

} // namespace counterfoil
