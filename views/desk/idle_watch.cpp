// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/desk/idle_watch.h"

#include <QCoreApplication>
#include <QEvent>

namespace counterfoil {

namespace {
constexpr Duration usualLimit = Duration::minutes(15);
} // namespace

IdleWatch::IdleWatch(QObject* parent) : QObject(parent), m_timer(this)
{
    connect(&m_timer, &QTimer::timeout, this, &IdleWatch::idle);
    QCoreApplication::instance()->installEventFilter(this);
    setLimit(usualLimit);
}

void IdleWatch::setLimit(Duration limit)
{
    m_timer.start(static_cast<int>(limit.milliseconds()));
}

bool IdleWatch::eventFilter(QObject* watched, QEvent* event)
{
    switch (event->type()) {
    case QEvent::KeyPress:
    case QEvent::MouseButtonPress:
    case QEvent::MouseMove:
    case QEvent::Wheel:
    case QEvent::TouchBegin:
    case QEvent::TabletPress:
        // With the interval that it has.
        m_timer.start();
        break;
    default: break;
    }
    return QObject::eventFilter(watched, event);
}

} // namespace counterfoil
