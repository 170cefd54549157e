// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/theme/icons.h"

#include "models/base/error.h"

#include <QFile>
#include <QPainter>
#include <QPixmapCache>
#include <QRegularExpression>
#include <QSvgRenderer>

#include <array>

namespace counterfoil {

namespace {

constexpr auto iconFiles = std::to_array<std::pair<Icon, const char*>>({
    {Icon::Overview, "dashboard-show"}, {Icon::Orders, "view-list-details"}, {Icon::Accounts, "view-bank"},
    {Icon::Back, "go-previous"}, {Icon::Forward, "go-next"}, {Icon::Down, "go-down"}, {Icon::Up, "go-up"},
    {Icon::Search, "edit-find"}, {Icon::Copy, "edit-copy"}, {Icon::Refresh, "view-refresh"}, {Icon::Close, "window-close"},
    {Icon::Filter, "view-filter"}, {Icon::Clock, "clock"}, {Icon::Check, "checkmark"}, {Icon::Cancel, "dialog-cancel"},
    {Icon::Info, "help-about"}, {Icon::Lock, "lock"}, {Icon::Flag, "flag"}, {Icon::User, "user"},
    {Icon::Package, "archive-insert"}, {Icon::Send, "mail-send"}, {Icon::Shipped, "go-jump"},
    {Icon::Pause, "media-playback-pause"}, {Icon::Undo, "edit-undo"}, {Icon::Calendar, "view-calendar"},
    {Icon::Tree, "view-list-tree"}, {Icon::Connected, "network-connect"}, {Icon::Disconnected, "network-disconnect"},
    {Icon::Swap, "document-swap"}, {Icon::Theme, "contrast"}, {Icon::Menu, "application-menu"},
    {Icon::Keyboard, "configure-shortcuts"}, {Icon::Visible, "view-visible"}, {Icon::Question, "help-contents"},
    {Icon::Database, "server-database"}, {Icon::Money, "taxes-finances"}, {Icon::Warning, "dialog-warning"},
    {Icon::Play, "media-playback-start"},
});

QByteArray recoloured(Icon icon, int drawing, const QColor& colour)
{
    QString name;
    for (const auto& [known, stem] : iconFiles) {
        if (known == icon) {
            name = QString::fromLatin1(stem);
        }
    }
    const auto path = [&name](int size) { return QStringLiteral(":/counterfoil/icons/%1/%2.svg").arg(QString::number(size), name); };
    QFile file(path(drawing));
    if (!file.exists()) {
        file.setFileName(path(drawing == 16 ? 22 : 16));
    }
    require(file.open(QIODevice::ReadOnly), "an icon that is not embedded");
    QString svg = QString::fromUtf8(file.readAll());
    static const QRegularExpression ink(QStringLiteral("#[0-9a-fA-F]{6}\\b|currentColor"));
    svg.replace(ink, colour.name());
    return svg.toUtf8();
}

} // namespace

std::span<const std::pair<Icon, const char*>> allIcons()
{
    return iconFiles;
}

QPixmap iconPixmap(Icon icon, int size, const QColor& colour, qreal devicePixelRatio)
{
    const QString key = QStringLiteral("cf-icon-%1-%2-%3-%4").arg(static_cast<int>(icon)).arg(size).arg(colour.rgba()).arg(devicePixelRatio);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap)) {
        return pixmap;
    }
    const int drawing = size <= 18 ? 16 : 22;
    QSvgRenderer renderer(recoloured(icon, drawing, colour));
    const int device = qRound(size * devicePixelRatio);
    pixmap = QPixmap(device, device);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    const qreal edge = renderer.viewBoxF().width() * devicePixelRatio;
    const qreal box = size >= 16 && size <= 22 ? edge : device;
    const qreal origin = (device - box) / 2;
    renderer.render(&painter, QRectF(origin, origin, box, box));
    painter.end();
    pixmap.setDevicePixelRatio(devicePixelRatio);
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

} // namespace counterfoil
