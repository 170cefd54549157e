// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/shell/start_page.h"

#include "views/widgets/card.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>
#include <QToolButton>

namespace counterfoil {

StartPage::StartPage(const Theme& theme, const QString& database, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_title(new PlainLabel(theme, tr("Welcome to Counterfoil"), TextRole::Title, Ink::Text, this)),
      m_text(new PlainLabel(theme, tr("Opening the database…"), TextRole::Body, Ink::Secondary, this)),
      m_retry(new QPushButton(tr("Try again"), this)),
      m_steps(new QWidget(this))
{
    auto* card = new SectionCard(theme, {}, this);
    card->setFixedWidth(620);
    card->body()->setContentsMargins(space::xxl, space::xl, space::xxl, space::xl);
    card->body()->setSpacing(space::m);
    m_text->setWrapping(true);
    card->body()->addWidget(m_title);
    card->body()->addWidget(m_text);
    new QVBoxLayout(m_steps);
    m_steps->layout()->setContentsMargins(0, space::s, 0, space::s);
    m_steps->layout()->setSpacing(space::m);
    card->body()->addWidget(m_steps);
    auto* where = new PlainLabel(theme, tr("Database: %1").arg(database), TextRole::Caption, Ink::Secondary, this);
    where->setSelectable();
    card->body()->addWidget(where);
    m_retry->setAccessibleName(m_retry->text());
    card->body()->addWidget(m_retry, 0, Qt::AlignLeft);
    addStep(tr("Look around with sample orders, merchants and a sandbox gateway:"), QStringLiteral("counterfoil --demo"));
    addStep(tr("Make a new, empty database at this place:"), QStringLiteral("counterfoilctl init --database %1").arg(database));
    addStep(tr("Connect to another database:"), QStringLiteral("counterfoil --database postgresql://user@host/name"));
    m_steps->hide();
    m_retry->hide();
    auto* layout = new QVBoxLayout(this);
    layout->addStretch(2);
    layout->addWidget(card, 0, Qt::AlignHCenter);
    layout->addStretch(3);
    connect(m_retry, &QPushButton::clicked, this, &StartPage::retryRequested);
}

void StartPage::addStep(const QString& words, const QString& command)
{
    auto* step = new QWidget(m_steps);
    auto* grid = new QVBoxLayout(step);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(2);
    grid->addWidget(new PlainLabel(m_theme, words, TextRole::Body, Ink::Text, step));
    auto* row = new QHBoxLayout;
    auto* text = new PlainLabel(m_theme, command, TextRole::Mono, Ink::Accent, step);
    text->setSelectable();
    auto* copy = new QToolButton(step);
    copy->setIcon(m_theme.icon(Icon::Copy));
    copy->setAccessibleName(tr("Copy: %1").arg(command));
    connect(copy, &QToolButton::clicked, this, [command] { QGuiApplication::clipboard()->setText(command); });
    row->addWidget(text, 1);
    row->addWidget(copy);
    grid->addLayout(row);
    m_steps->layout()->addWidget(step);
}

void StartPage::setProblem(const Error& error)
{
    const ErrorWords words = errorWords(error.code);
    m_text->setPlain(QStringLiteral("%1 %2").arg(words.what, words.whatToDo));
    m_text->setToolTip(plainToolTip(error.text()));
    m_steps->show();
    if (m_retry->isHidden()) {
        m_retry->show();
        m_retry->setFocus();
    }
}

} // namespace counterfoil
